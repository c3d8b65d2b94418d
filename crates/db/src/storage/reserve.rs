//! The reserve file: disk space kept free for sign-ins on a full disk.
//!
//! On a full disk nobody could sign in to see what is wrong, because a sign-in is written down. So a
//! file beside the database takes some room while there is plenty, and is removed when the disk is
//! full: what it took then serves the small changes that have to go on.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use fs4::FileExt;

/// Most bytes that are kept back.
const MAX_BYTES: u64 = 16 * 1024 * 1024;
/// On a small disk: at most one part of so many.
const DISK_DIVISOR: u64 = 50;

/// The file that keeps room.
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

    /// Takes the room, unless little more than that is left.
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

    /// Gives the room to what has to be written now.
    pub(crate) fn release(&self) {
        if fs::remove_file(&self.path).is_ok() {
            log::warn!("the disk is full: the room that was kept back is used for signing in");
        }
    }
}
