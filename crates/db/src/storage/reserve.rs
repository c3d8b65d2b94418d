//! The reserve file: disk space kept free for sign-ins on a full disk.
//!
//! A sign-in writes to the database, so on a full disk nobody could sign in to see what is wrong. A file
//! beside the database therefore occupies some space and is deleted when the disk is full, which leaves
//! room for the small changes that have to go on.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use fs4::FileExt;

/// Maximum size in bytes.
const MAX_BYTES: u64 = 16 * 1024 * 1024;
/// On a small disk the file takes at most the disk's size divided by this.
const DISK_DIVISOR: u64 = 50;

/// The reserve file of a database.
#[derive(Debug, Clone)]
pub(crate) struct Reserve {
    path: PathBuf,
    bytes: u64,
}

impl Reserve {
    /// A reserve for the database file at `path`, as large as its disk permits.
    pub(crate) fn for_database(path: &Path) -> Self {
        let folder = path.parent().unwrap_or(Path::new("."));
        let total = fs4::total_space(folder).unwrap_or(0);
        Self {
            path: super::data_file::sibling_path(path, ".reserve"),
            bytes: (total / DISK_DIVISOR).min(MAX_BYTES),
        }
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Creates the file, unless there is hardly more space than it takes.
    pub(crate) fn fill(&self) {
        match self.try_fill() {
            Ok(()) => {}
            Err(error) => log::warn!("no room could be kept back for a full disk: {error}"),
        }
    }

    fn try_fill(&self) -> io::Result<()> {
        if fs::metadata(&self.path).is_ok_and(|file| file.len() >= self.bytes) {
            return Ok(());
        }
        let folder = self.path.parent().unwrap_or(Path::new("."));
        if fs4::available_space(folder)? < self.bytes * 2 {
            return Ok(());
        }
        let file = File::create(&self.path)?;
        FileExt::allocate(&file, self.bytes)
    }

    /// Deletes the file to make room.
    pub(crate) fn release(&self) {
        if fs::remove_file(&self.path).is_ok() {
            log::warn!("the disk is full: the room that was kept back is used for signing in");
        }
    }
}
