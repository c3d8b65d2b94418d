//! `StorageHealth`: the current fault of the database storage or of the upload folder.

use std::path::PathBuf;
use std::sync::Arc;

use shared::StorageFault;
use tokio::sync::watch;

use super::Reserve;

/// Below this many free bytes a disk error counts as "disk full", because SQLite can't always tell.
const FULL_BELOW_BYTES: u64 = 256 * 1024;

/// The state of one storage location, shared by the whole process. Cheap to clone.
#[derive(Debug, Clone)]
pub struct StorageHealth(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// Name for the log.
    name: &'static str,
    folder: Option<PathBuf>,
    reserve: Option<Reserve>,
    fault: watch::Sender<Option<StorageFault>>,
}

impl StorageHealth {
    /// A healthy location. `folder` is where its files are on this machine.
    pub fn new(name: &'static str, folder: Option<PathBuf>) -> Self {
        Self::with_reserve(name, folder, None)
    }

    pub(crate) fn with_reserve(
        name: &'static str,
        folder: Option<PathBuf>,
        reserve: Option<Reserve>,
    ) -> Self {
        Self(Arc::new(Inner { name, folder, reserve, fault: watch::Sender::new(None) }))
    }

    /// The current fault, if there is one.
    pub fn fault(&self) -> Option<StorageFault> {
        *self.0.fault.borrow()
    }

    /// Subscribes to changes of the fault.
    pub fn subscribe(&self) -> watch::Receiver<Option<StorageFault>> {
        self.0.fault.subscribe()
    }

    /// Reports a fault. Transient ones (locked, busy) are not remembered.
    pub fn report_fault(&self, fault: StorageFault) {
        if matches!(fault, StorageFault::Locked | StorageFault::Busy) {
            return;
        }
        let fault = if fault == StorageFault::Failing { self.diagnose() } else { fault };
        if fault == StorageFault::Full
            && let Some(reserve) = &self.0.reserve
        {
            reserve.release();
        }
        let news = self.0.fault.send_if_modified(|known| {
            let news = *known != Some(fault);
            *known = Some(fault);
            news
        });
        if news {
            log::error!("{}: {}", self.0.name, describe(fault));
        }
    }

    /// Clears the fault: the location is usable again.
    pub fn clear(&self) {
        let news = self.0.fault.send_if_modified(|known| known.take().is_some());
        if news {
            log::info!("{}: in order again", self.0.name);
        }
    }

    /// Refills the reserve file, if there is one.
    pub(crate) fn refill_reserve(&self) {
        if let Some(reserve) = &self.0.reserve {
            reserve.fill();
        }
    }

    /// Bytes that have to be free before a disk no longer counts as full.
    pub(crate) fn required_space(&self) -> u64 {
        self.0.reserve.as_ref().map_or(0, Reserve::bytes) + 4 * FULL_BELOW_BYTES
    }

    /// Free bytes of the disk.
    pub(crate) fn free_space(&self) -> Option<u64> {
        fs4::available_space(self.0.folder.as_ref()?).ok()
    }

    /// Finds the cause of an unspecific disk error.
    fn diagnose(&self) -> StorageFault {
        let Some(folder) = &self.0.folder else { return StorageFault::Failing };
        if self.free_space().is_some_and(|free| free < FULL_BELOW_BYTES) {
            return StorageFault::Full;
        }
        match tempfile::tempfile_in(folder).map_err(|error| error.kind()) {
            Err(std::io::ErrorKind::StorageFull) => StorageFault::Full,
            Err(std::io::ErrorKind::ReadOnlyFilesystem) => StorageFault::ReadOnly,
            Err(std::io::ErrorKind::NotFound) => StorageFault::Missing,
            _ => StorageFault::Failing,
        }
    }
}

fn describe(fault: StorageFault) -> &'static str {
    match fault {
        StorageFault::Full => "no room is left on the disk; changes are refused until there is",
        StorageFault::ReadOnly => "can not be written; changes are refused",
        StorageFault::Missing => {
            "was deleted or replaced, or is not mounted; changes that need it are refused. Put it back, \
             or stop the server and restore a backup"
        }
        StorageFault::Damaged => "is damaged; restore a backup",
        StorageFault::Failing => "the disk reports errors; changes are refused",
        StorageFault::Locked => "is held by another program",
        StorageFault::Busy => "has no connection free",
        StorageFault::Unreachable => "does not answer",
    }
}
