//! Where the files of photos lie.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use db::DbError;
use shared::Coordinates;

use crate::error::{Error, Result};
use crate::photos::Processed;
use crate::tokens::hex;

/// A folder of photos. Names are made here, never taken from a request.
#[derive(Debug, Clone)]
pub struct PhotoStore {
    root: PathBuf,
}

/// A photo whose files are in the store but which belongs to no job yet.
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

impl PhotoStore {
    /// A store in this folder, which is made if it is missing.
    ///
    /// # Errors
    /// The folder can not be made.
    pub fn open(root: impl Into<PathBuf>) -> std::io::Result<Self> {
        let root = root.into();
        fs::create_dir_all(&root)?;
        Ok(Self { root })
    }

    /// Writes the two files of a photo to the disk.
    ///
    /// # Errors
    /// The disk refuses; then neither file is left.
    pub fn keep(&self, photo: &Processed) -> Result<StoredPhoto> {
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
        let written = fs::create_dir_all(self.root.join(folder))
            .and_then(|()| write(&self.root.join(&stored.file_name), &photo.jpeg))
            .and_then(|()| write(&self.root.join(&stored.thumbnail_name), &photo.thumbnail));
        if let Err(error) = written {
            self.discard(&stored);
            return Err(failed(&error));
        }
        Ok(stored)
    }

    /// Writes a file that is sealed already, and gives its name.
    ///
    /// # Errors
    /// The disk refuses; then nothing is left.
    pub fn keep_sealed(&self, sealed: &[u8]) -> Result<String> {
        let name = hex(&rand::random::<[u8; 16]>());
        let name = format!("{}/{name}.sealed", &name[..2]);
        let path = self.root.join(&name);
        let folder = self.root.join(&name[..2]);
        let written = fs::create_dir_all(folder).and_then(|()| write(&path, sealed));
        written.map_err(|error| {
            self.remove(&name);
            failed(&error)
        })?;
        Ok(name)
    }

    /// Puts other bytes into a file of the store. Whoever reads it gets the old or the new ones.
    ///
    /// # Errors
    /// The disk refuses; then the file is as it was.
    pub fn replace(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let path = self.root.join(name);
        let beside = path.with_extension(format!("{}.new", hex(&rand::random::<[u8; 4]>())));
        let written = write(&beside, bytes).and_then(|()| fs::rename(&beside, &path));
        written.map_err(|error| {
            let _ = fs::remove_file(&beside);
            failed(&error)
        })
    }

    /// A file of the store; `None` if there is none.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn read(&self, name: &str) -> Result<Option<Vec<u8>>> {
        match fs::read(self.root.join(name)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed(&error)),
        }
    }

    /// Removes a file that belongs to nobody.
    pub fn remove(&self, name: &str) {
        if let Err(error) = fs::remove_file(self.root.join(name))
            && error.kind() != std::io::ErrorKind::NotFound
        {
            log::warn!("an unused photo could not be removed: {error}");
        }
    }

    /// Removes the files of a photo that came to belong to no job.
    pub fn discard(&self, photo: &StoredPhoto) {
        for name in [&photo.file_name, &photo.thumbnail_name] {
            self.remove(name);
        }
    }

    /// Where a file of the store lies.
    pub fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }
}

fn failed(error: &std::io::Error) -> Error {
    Error::Db(DbError::Corrupt(format!("upload folder: {error}")))
}

/// An acknowledged photo survives a power cut, like the row that names it.
fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = fs::File::create_new(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
