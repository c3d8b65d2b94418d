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
            return Err(Error::Db(DbError::Corrupt(format!("upload folder: {error}"))));
        }
        Ok(stored)
    }

    /// Removes the files of a photo that came to belong to no job.
    pub fn discard(&self, photo: &StoredPhoto) {
        for name in [&photo.file_name, &photo.thumbnail_name] {
            if let Err(error) = fs::remove_file(self.root.join(name))
                && error.kind() != std::io::ErrorKind::NotFound
            {
                log::warn!("an unused photo could not be removed: {error}");
            }
        }
    }

    /// Where a file of the store lies.
    pub fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }
}

/// An acknowledged photo survives a power cut, like the row that names it.
fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = fs::File::create_new(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
