//! The upload folder of a database, recognised by a marker file.
//!
//! A folder on a separate disk is empty while that disk is not mounted, and files written then are hidden
//! once it is. The folder therefore contains a marker file, `.isp-uploads`, with a text that the database
//! also stores. A folder without the right marker is not used.

use std::io::Write;
use std::path::Path;
use std::{fs, io};

use db::tables::upload_folder as table;
use db::{Db, DbError};

use super::PhotoStore;
use crate::auth::jwt::hex;
use crate::error::{Error, Result};

/// Name of the marker file.
pub const MARKER_FILE: &str = ".isp-uploads";

/// Opens the upload folder of this database. A new database adopts the folder's marker or writes a new
/// one. If the folder has another marker, nothing is read or written, and the store reports a fault until
/// the right folder is there.
///
/// # Errors
/// [`Error::Io`]: the folder can't be read or written.
pub async fn open_folder(db: &Db, root: &Path) -> Result<PhotoStore> {
    let found = read_marker(root).map_err(|error| folder_error(root, error))?;
    let (known, has_photos) = db
        .read(|conn| Ok::<_, DbError>((table::find_marker(conn)?, table::has_photos(conn)?)))
        .await?;
    let new = || hex(&rand::random::<[u8; 16]>());
    let mark = match (known, found) {
        (Some(known), Some(_)) => known,
        (None, Some(found)) => save_marker(db, found).await?,
        (Some(known), None) if has_photos => known,
        // The photos are older than the marker files, and this folder has none of them.
        (None, None) if has_photos && is_empty(root) => save_marker(db, new()).await?,
        (known, None) => write_new_marker(db, root, known.unwrap_or_else(new)).await?,
    };
    let store = PhotoStore::new(root, mark);
    store.check_health();
    if store.health().fault().is_some() {
        log::error!(
            "{} is not the folder of photos that this database knows: its mark {MARKER_FILE} is missing or \
             another one. Is its disk mounted? If it was moved on purpose or is lost: \
             `isp-server uploads accept`",
            root.display()
        );
    }
    Ok(store)
}

/// Makes this the upload folder of the database, after a move or when the photos are lost.
///
/// # Errors
/// [`Error::Io`]: the folder can't be written.
pub async fn accept_folder(db: &Db, root: &Path) -> Result<()> {
    write_new_marker(db, root, hex(&rand::random::<[u8; 16]>())).await.map(|_| ())
}

/// Writes a marker and returns it. The file is written before the row: with a marker that only the
/// database knows, the folder would count as a wrong one.
async fn write_new_marker(db: &Db, root: &Path, new: String) -> Result<String> {
    let write = |mark: &str| write_marker(root, mark).map_err(|error| folder_error(root, error));
    write(&new)?;
    let mark = save_marker(db, new.clone()).await?;
    if mark != new {
        write(&mark)?;
    }
    Ok(mark)
}

async fn save_marker(db: &Db, mark: String) -> Result<String> {
    Ok(db.write(move |tx| table::set_marker(tx.conn(), &mark)).await?)
}

/// Reads the marker of this folder, if there is one.
pub(super) fn read_marker(root: &Path) -> io::Result<Option<String>> {
    match fs::read_to_string(root.join(MARKER_FILE)) {
        Ok(text) => Ok(Some(text.trim().to_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn write_marker(root: &Path, mark: &str) -> io::Result<()> {
    fs::create_dir_all(root)?;
    // Atomically: an incomplete marker would be a wrong one.
    let mut file = tempfile::NamedTempFile::new_in(root)?;
    file.write_all(format!("{mark}\n").as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(root.join(MARKER_FILE)).map_err(|error| error.error)?;
    Ok(())
}

fn is_empty(root: &Path) -> bool {
    fs::read_dir(root).map_or(true, |mut entries| entries.next().is_none())
}

fn folder_error(root: &Path, source: io::Error) -> Error {
    Error::Io { action: format!("upload folder {}", root.display()), source }
}
