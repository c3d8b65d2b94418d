//! Photos whose files are stored but that no committed row names yet.
//!
//! The files are written before the transaction that adds the row, and that may never happen: it is
//! refused, an earlier answer is repeated, the request is cancelled. [`PendingPhoto`] removes the files in
//! all these cases.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::PhotoStore;
use crate::error::Result;

/// What a photo consists of in the store.
pub trait PhotoFiles {
    /// The names of its files.
    fn file_names(&self) -> Vec<&str>;
}

/// A stored photo that removes its files unless a transaction used it. All copies are one photo.
///
/// 1. The transaction takes the photo with [`use_in_transaction`](Self::use_in_transaction). From then
///    on a row may name the files.
/// 2. Its caller ends with [`commit`](Self::commit) or [`roll_back`](Self::roll_back), or lets
///    [`settle`](Self::settle) choose.
///
/// Where nobody learns how the transaction ended, the files of a used photo stay: a file without a row
/// costs less than a row without its file. Those of an unused one go with the last copy.
#[derive(Debug)]
pub struct PendingPhoto<P: PhotoFiles>(Arc<Pending<P>>);

#[derive(Debug)]
struct Pending<P: PhotoFiles> {
    photo: P,
    store: PhotoStore,
    used: AtomicBool,
}

impl<P: PhotoFiles> PendingPhoto<P> {
    /// Takes over a photo whose files have just been written to `store`.
    pub fn new(store: &PhotoStore, photo: P) -> Self {
        Self(Arc::new(Pending { photo, store: store.clone(), used: AtomicBool::new(false) }))
    }

    /// The photo, for the transaction that adds a row with the names of its files.
    pub fn use_in_transaction(&self) -> &P {
        self.0.used.store(true, Ordering::SeqCst);
        &self.0.photo
    }

    /// The transaction is committed: the files stay if it used the photo, else they are removed.
    pub fn commit(&self) {
        if !self.0.used.load(Ordering::SeqCst) {
            self.0.remove_files();
        }
    }

    /// Commits or rolls back after the outcome of the transaction. Does neither if it may have committed
    /// although it failed.
    pub fn settle<T>(&self, outcome: &Result<T>) {
        match outcome {
            Ok(_) => self.commit(),
            Err(error) if error.is_outcome_unknown() => {}
            Err(_) => self.roll_back(),
        }
    }

    /// The transaction changed nothing: the files are removed.
    pub fn roll_back(&self) {
        self.0.used.store(false, Ordering::SeqCst);
        self.0.remove_files();
    }
}

impl<P: PhotoFiles> Pending<P> {
    fn remove_files(&self) {
        self.photo.file_names().into_iter().for_each(|name| self.store.remove(name));
    }
}

impl<P: PhotoFiles> Clone for PendingPhoto<P> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<P: PhotoFiles> Drop for Pending<P> {
    fn drop(&mut self) {
        if !self.used.load(Ordering::SeqCst) {
            self.remove_files();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    struct OneFile;

    impl PhotoFiles for OneFile {
        fn file_names(&self) -> Vec<&str> {
            vec!["photo.jpg"]
        }
    }

    fn pending(folder: &Path) -> PendingPhoto<OneFile> {
        std::fs::write(folder.join("photo.jpg"), "picture").unwrap();
        PendingPhoto::new(&PhotoStore::new(folder, "marker".into()), OneFile)
    }

    fn has_file(folder: &Path) -> bool {
        folder.join("photo.jpg").exists()
    }

    #[test]
    fn an_unused_photo_is_removed_with_its_last_copy() {
        let folder = tempfile::tempdir().unwrap();
        let photo = pending(folder.path());
        drop(photo.clone());
        assert!(has_file(folder.path()));
        drop(photo);
        assert!(!has_file(folder.path()));
    }

    #[test]
    fn a_committed_transaction_keeps_the_photo_only_if_it_used_it() {
        let folder = tempfile::tempdir().unwrap();
        let photo = pending(folder.path());
        photo.use_in_transaction();
        photo.commit();
        drop(photo);
        assert!(has_file(folder.path()));
        pending(folder.path()).commit();
        assert!(!has_file(folder.path()));
    }

    #[test]
    fn a_rolled_back_transaction_leaves_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let photo = pending(folder.path());
        photo.use_in_transaction();
        photo.roll_back();
        assert!(!has_file(folder.path()));
    }

    #[test]
    fn a_transaction_with_an_unknown_end_keeps_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let photo = pending(folder.path());
        photo.use_in_transaction();
        drop(photo);
        assert!(has_file(folder.path()));
    }
}
