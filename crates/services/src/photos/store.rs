//! `PhotoStore`: the files of the upload folder.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use db::StorageHealth;
use shared::{Coordinates, StorageFault};

use super::folder::{MARKER_FILE, read_marker};
use crate::auth::jwt::hex;
use crate::error::{Error, Result};
use crate::photos::{PhotoFiles, ProcessedPhoto};

/// Bytes written to find out whether a full disk has space again.
const PROBE_BYTES: usize = 512 * 1024;

/// The upload folder. File names are generated here, never taken from a request. Cheap to clone.
#[derive(Debug, Clone)]
pub struct PhotoStore {
    root: PathBuf,
    /// Expected content of the marker file.
    mark: Arc<str>,
    health: StorageHealth,
}

/// The files and data of a stored photo.
#[derive(Debug, Clone)]
pub struct StoredPhoto {
    pub file_name: String,
    pub thumbnail_name: String,
    pub sha256: String,
    pub width: i32,
    pub height: i32,
    pub taken_at: Option<DateTime<Utc>>,
    pub place: Option<Coordinates>,
}

impl PhotoFiles for StoredPhoto {
    fn file_names(&self) -> Vec<&str> {
        vec![&self.file_name, &self.thumbnail_name]
    }
}

impl PhotoStore {
    /// The store in a folder with this marker. See [`super::open_folder`].
    pub(super) fn new(root: &Path, mark: String) -> Self {
        let health = StorageHealth::new("the folder of photos", Some(root.to_owned()));
        Self { root: root.to_owned(), mark: mark.into(), health }
    }

    /// The current fault of the folder.
    pub fn health(&self) -> &StorageHealth {
        &self.health
    }

    /// Checks that the folder is still there and whether a known fault has ended. Blocks.
    pub fn check_health(&self) {
        if let Err(error) = self.check_marker() {
            return self.health.report_fault(fault(&error));
        }
        let usable = || -> io::Result<()> {
            let mut file = tempfile::tempfile_in(&self.root)?;
            file.write_all(&vec![0; PROBE_BYTES])?;
            file.sync_all()
        };
        if self.health.fault().is_some() && usable().is_ok() {
            self.health.clear();
        }
    }

    /// Fails for a folder without the right marker: nothing may be written into an empty mount point.
    fn check_marker(&self) -> io::Result<()> {
        match read_marker(&self.root)? {
            Some(mark) if *mark == *self.mark => Ok(()),
            _ => Err(io::Error::new(io::ErrorKind::NotFound, format!("{MARKER_FILE} is missing"))),
        }
    }

    /// Reports the fault and names the operation that failed, such as "storing a photo".
    fn failed(&self, operation: &str, source: io::Error) -> Error {
        self.health.report_fault(fault(&source));
        let action = format!("{operation} in the upload folder {}", self.root.display());
        Error::Io { action, source }
    }

    /// Writes the two files of a photo.
    ///
    /// # Errors
    /// [`Error::Io`]; then neither file is left.
    pub fn store(&self, photo: &ProcessedPhoto) -> Result<StoredPhoto> {
        let name = hex(&rand::random::<[u8; 16]>());
        let folder = &name[..2];
        let stored = StoredPhoto {
            file_name: format!("{folder}/{name}.jpg"),
            thumbnail_name: format!("{folder}/{name}.thumb.jpg"),
            sha256: photo.sha256.clone(),
            width: photo.width,
            height: photo.height,
            taken_at: photo.taken_at,
            place: photo.place,
        };
        let written = self
            .check_marker()
            .and_then(|()| fs::create_dir_all(self.root.join(folder)))
            .and_then(|()| write(&self.root.join(&stored.file_name), &photo.jpeg))
            .and_then(|()| write(&self.root.join(&stored.thumbnail_name), &photo.thumbnail));
        if let Err(error) = written {
            self.discard(&stored);
            return Err(self.failed("storing a photo", error));
        }
        Ok(stored)
    }

    /// Writes an encrypted file and returns its name.
    ///
    /// # Errors
    /// [`Error::Io`]; then no file is left.
    pub fn store_encrypted(&self, encrypted: &[u8]) -> Result<String> {
        let name = hex(&rand::random::<[u8; 16]>());
        let name = format!("{}/{name}.sealed", &name[..2]);
        let path = self.root.join(&name);
        let folder = self.root.join(&name[..2]);
        let written = self
            .check_marker()
            .and_then(|()| fs::create_dir_all(folder))
            .and_then(|()| write(&path, encrypted));
        written.map_err(|error| {
            self.remove(&name);
            self.failed("storing an encrypted photo", error)
        })?;
        Ok(name)
    }

    /// Replaces the content of a file atomically: readers get the old or the new content.
    ///
    /// # Errors
    /// [`Error::Io`]; then the file is unchanged.
    pub fn replace(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let path = self.root.join(name);
        let beside = path.with_extension(format!("{}.new", hex(&rand::random::<[u8; 4]>())));
        let written = self
            .check_marker()
            .and_then(|()| write(&beside, bytes))
            .and_then(|()| fs::rename(&beside, &path));
        written.map_err(|error| {
            let _ = fs::remove_file(&beside);
            self.failed("replacing a file", error)
        })
    }

    /// Reads a file; `None` if there is none.
    ///
    /// # Errors
    /// [`Error::Io`]: the folder is not there, or the disk fails.
    pub fn read(&self, name: &str) -> Result<Option<Vec<u8>>> {
        let error = match fs::read(self.root.join(name)) {
            Ok(bytes) => return Ok(Some(bytes)),
            Err(error) => error,
        };
        // A missing file is no fault, a missing folder is.
        match self.check_marker() {
            Ok(()) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Ok(()) => Err(self.failed("reading a file", error)),
            Err(gone) => Err(self.failed("reading a file", gone)),
        }
    }

    /// Removes a file that no row names.
    pub fn remove(&self, name: &str) {
        if let Err(error) = fs::remove_file(self.root.join(name))
            && error.kind() != std::io::ErrorKind::NotFound
        {
            log::warn!("an unused photo could not be removed: {error}");
        }
    }

    /// Removes the files of a photo that no row names.
    pub fn discard(&self, photo: &StoredPhoto) {
        photo.file_names().into_iter().for_each(|name| self.remove(name));
    }
}

fn fault(error: &io::Error) -> StorageFault {
    db::storage::fault_of_io(error)
}

/// Writes and syncs a file: an acknowledged photo survives a power cut, like its row.
fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = fs::File::create_new(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
