//! SQLite database file: exclusive server lock, integrity check at start, detection of replacement.
//!
//! The server holds a lock on `isp.db.lock`, so that a second server is refused. That file names the
//! process and, after a clean stop, size and modification time of the database. If it exists without
//! the database, the server refuses to start instead of creating an empty one.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use diesel::prelude::*;
use diesel::sql_types::Text;
use shared::StorageFault;

use super::{Purpose, fault_of_io};
use crate::conn::Conn;
use crate::error::DbError;

/// Device and inode of a file: a deleted or replaced file has others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct FileIdentity(u64, u64);

impl FileIdentity {
    #[cfg(unix)]
    fn for_path(path: &Path) -> Option<Self> {
        use std::os::unix::fs::MetadataExt;
        fs::metadata(path).ok().map(|file| Self(file.dev(), file.ino()))
    }

    /// Where open files can not be deleted or replaced, there is nothing to detect.
    #[cfg(not(unix))]
    fn of(_: &Path) -> Option<Self> {
        Some(Self(0, 0))
    }
}

/// The database file of this process.
#[derive(Debug)]
pub(crate) struct DataFile {
    path: PathBuf,
    /// The lock, held by a server until it ends.
    lock: Option<File>,
    /// Whether the last server stopped cleanly and nothing changed the file since.
    stopped_cleanly: bool,
    /// The file and its write-ahead log, once they are open.
    identities: Vec<(PathBuf, FileIdentity)>,
}

/// Path of a file beside the database: its name plus `ending`.
pub(super) fn sibling_path(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(ending);
    path.with_file_name(name)
}

fn storage_error(fault: StorageFault, cause: String) -> DbError {
    DbError::Storage { fault, cause }
}

impl DataFile {
    /// Locates the file before SQLite opens it, and takes the lock if this process is the server.
    ///
    /// # Errors
    /// [`DbError::Storage`]: the file is missing although it existed before; another server holds the lock;
    /// the folder is not writable.
    pub(crate) fn locate(path: &Path, purpose: Purpose) -> Result<Self, DbError> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let io = |error: std::io::Error| {
            storage_error(fault_of_io(&error), format!("{}: {error}", path.display()))
        };
        fs::create_dir_all(folder.unwrap_or(Path::new("."))).map_err(io)?;
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let lock_path = sibling_path(&path, ".lock");
        let recorded = fs::read_to_string(&lock_path).unwrap_or_default();
        if !path.exists() && !recorded.is_empty() {
            let cause = format!(
                "{} is missing, but {} says that it was here: put it back (is its disk mounted?), \
                 or remove that file to begin with an empty database",
                path.display(),
                lock_path.display()
            );
            return Err(storage_error(StorageFault::Missing, cause));
        }
        let lock = match purpose {
            Purpose::Serve => Some(take_lock(&path, &lock_path)?),
            Purpose::Command => None,
        };
        let left_in_order =
            recorded.lines().last().is_some_and(|last| Some(last) == file_state(&path).as_deref());
        Ok(Self { path, lock, stopped_cleanly: left_in_order, identities: Vec::new() })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Checks the integrity of the open database, unless the last server stopped cleanly, and remembers the
    /// identity of its files. Commands skip the check, because a server may be using the file.
    ///
    /// # Errors
    /// [`DbError::Storage`] if the file is damaged.
    pub(crate) fn verify_opened(&mut self, conn: &mut Conn) -> Result<(), DbError> {
        if self.lock.is_some() && !self.stopped_cleanly {
            check_integrity(conn).map_err(|cause| {
                let cause = format!(
                    "{} is damaged ({cause}): restore a backup, see docs/OPERATIONS.md",
                    self.path.display()
                );
                storage_error(StorageFault::Damaged, cause)
            })?;
        }
        let files = [self.path.clone(), sibling_path(&self.path, "-wal")];
        self.identities = files
            .into_iter()
            .filter_map(|it| FileIdentity::for_path(&it).map(|id| (it, id)))
            .collect();
        self.write_lock_file(&format!("process {}\n", std::process::id()))
    }

    /// Whether the open files are still the ones in the folder. Data written to deleted files is lost when
    /// the process ends.
    pub(crate) fn is_in_place(&self) -> bool {
        self.identities
            .iter()
            .all(|(path, identity)| FileIdentity::for_path(path) == Some(*identity))
    }

    /// Records a clean stop in the lock file. Called after the checkpoint, which may silently leave changes
    /// in the write-ahead log while there are readers; then nothing is recorded.
    pub(crate) fn record_clean_stop(&self) {
        if self.lock.is_none() {
            return;
        }
        let Some(state) = file_state(&self.path) else {
            let path = self.path.display();
            return log::warn!("{path}-wal still has changes: keep it with {path}");
        };
        if let Err(error) =
            self.write_lock_file(&format!("process {}\n{state}", std::process::id()))
        {
            log::warn!("the clean stop could not be recorded: {error}");
        }
    }

    fn write_lock_file(&self, text: &str) -> Result<(), DbError> {
        let Some(mut file) = self.lock.as_ref() else { return Ok(()) };
        let written = file
            .set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| file.write_all(text.as_bytes()))
            .and_then(|()| file.sync_all());
        match written {
            // Without it the next start merely runs the integrity check.
            Err(error) if fault_of_io(&error) == StorageFault::Full => Ok(()),
            Err(error) => {
                let lock = sibling_path(&self.path, ".lock");
                Err(storage_error(fault_of_io(&error), format!("{}: {error}", lock.display())))
            }
            Ok(()) => Ok(()),
        }
    }
}

fn take_lock(path: &Path, lock_path: &Path) -> Result<File, DbError> {
    let io = |error: std::io::Error| {
        storage_error(fault_of_io(&error), format!("{}: {error}", lock_path.display()))
    };
    let mut file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .open(lock_path)
        .map_err(io)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => {
            let mut recorded = String::new();
            let _ = file.read_to_string(&mut recorded);
            let holder = recorded.lines().next().unwrap_or("another process").to_owned();
            let cause = format!(
                "{} is in use by another isp-server ({holder}); one server at a time may use a SQLite file",
                path.display()
            );
            Err(storage_error(StorageFault::Locked, cause))
        }
        Err(fs::TryLockError::Error(error)) => Err(io(error)),
    }
}

/// Size and modification time of the file as text; `None` while the write-ahead log has content.
fn file_state(path: &Path) -> Option<String> {
    let file = fs::metadata(path).ok()?;
    let changed = file.modified().ok()?.duration_since(UNIX_EPOCH).ok()?.as_nanos();
    let log = fs::metadata(sibling_path(path, "-wal")).map_or(0, |log| log.len());
    (log == 0).then(|| format!("in order: {} bytes, changed at {changed}", file.len()))
}

#[derive(QueryableByName)]
struct QuickCheck {
    #[diesel(sql_type = Text)]
    quick_check: String,
}

/// Runs SQLite's quick check over the whole database; the error says what is broken.
pub(crate) fn check_integrity(conn: &mut Conn) -> Result<(), String> {
    let rows: Vec<QuickCheck> =
        diesel::sql_query("PRAGMA quick_check(1)").load(conn).map_err(|error| error.to_string())?;
    match rows.first() {
        Some(row) if row.quick_check == "ok" => Ok(()),
        Some(row) => Err(row.quick_check.lines().last().unwrap_or_default().to_owned()),
        None => Err("it can not be checked".into()),
    }
}
