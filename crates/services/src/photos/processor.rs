//! Photo processing, one picture at a time for the whole process.
//!
//! Decoding a large picture takes a core and a few hundred megabytes. The API and the bot share one
//! [`PhotoProcessor`], so that uploads by both channels wait for each other.

use std::sync::Arc;

use chrono_tz::Tz;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use super::{FileTypes, PhotoStore, ProcessedPhoto, process};
use crate::allocator;
use crate::error::{Error, Result};

/// Cleans photos one after the other. Cheap to clone: all copies share one queue.
#[derive(Debug, Clone)]
pub struct PhotoProcessor {
    store: PhotoStore,
    zone: Tz,
    types: FileTypes,
    /// One permit.
    gate: Arc<Semaphore>,
}

impl PhotoProcessor {
    /// A processor for pictures of these types. `zone` is where cameras without an offset took them.
    pub fn new(store: PhotoStore, zone: Tz, types: FileTypes) -> Self {
        Self { store, zone, types, gate: Arc::new(Semaphore::new(1)) }
    }

    /// The store that processed photos go to.
    pub fn store(&self) -> &PhotoStore {
        &self.store
    }

    /// Decodes and cleans a picture on a blocking thread and passes it to `keep`, which stores it. Waits
    /// while another picture is processed.
    ///
    /// # Errors
    /// Those of [`process`] and of `keep`; [`Error::Internal`] if the thread panicked.
    pub async fn process<T: Send + 'static>(
        &self,
        file: impl AsRef<[u8]> + Send + 'static,
        keep: impl FnOnce(&PhotoStore, &ProcessedPhoto) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let this = self.clone();
        self.run_alone(move || {
            let photo = process(file.as_ref(), this.zone, this.types)?;
            keep(&this.store, &photo)
        })
        .await
    }

    async fn run_alone<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let stopped = || Error::Internal("the photo processing thread stopped".into());
        let permit = Arc::clone(&self.gate).acquire_owned().await.map_err(|_| stopped())?;
        let work = move || {
            // Belongs to the thread: a caller that goes away does not end the work.
            let _permit = permit;
            let done = work();
            allocator::trim_heap();
            done
        };
        spawn_blocking(work).await.map_err(|_| stopped())?
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    fn processor(root: &std::path::Path) -> PhotoProcessor {
        let store = PhotoStore::new(root, "marker".into());
        PhotoProcessor::new(store, chrono_tz::UTC, FileTypes::ALL)
    }

    #[tokio::test]
    async fn two_channels_never_process_a_photo_at_the_same_time() {
        let folder = tempfile::tempdir().unwrap();
        let api = processor(folder.path());
        let bot = api.clone();
        let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let work = || {
            let (running, most) = (Arc::clone(&running), Arc::clone(&most));
            move || {
                most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                std::thread::sleep(Duration::from_millis(30));
                running.fetch_sub(1, Ordering::SeqCst);
                Ok(())
            }
        };
        let (upload, chat) = tokio::join!(api.run_alone(work()), bot.run_alone(work()));
        upload.and(chat).unwrap();
        assert_eq!(most.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn a_caller_that_goes_away_does_not_let_the_next_picture_in_early() {
        let folder = tempfile::tempdir().unwrap();
        let processor = processor(folder.path());
        let done = Arc::new(AtomicUsize::new(0));
        let finished = Arc::clone(&done);
        let first = processor.run_alone(move || {
            std::thread::sleep(Duration::from_millis(100));
            finished.store(1, Ordering::SeqCst);
            Ok(())
        });
        assert!(tokio::time::timeout(Duration::from_millis(20), first).await.is_err());
        let seen = processor.run_alone(move || Ok(done.load(Ordering::SeqCst))).await.unwrap();
        assert_eq!(seen, 1);
    }
}
