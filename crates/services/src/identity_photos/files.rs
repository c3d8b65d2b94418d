//! Encrypted files of identity photos.

use db::Db;
use db::tables::identity_photos::{self as table, CardHolder, IdentityPhotoRow};

use crate::encryption::Cipher;
use crate::error::{Error, Result};
use crate::photos::{PhotoFiles, PhotoStore, ProcessedPhoto};

/// The encrypted file and the size of a stored identity photo.
#[derive(Debug, Clone)]
pub struct StoredIdentityPhoto {
    pub file_name: String,
    /// Pixels.
    pub width: i32,
    /// Pixels.
    pub height: i32,
}

impl PhotoFiles for StoredIdentityPhoto {
    fn file_names(&self) -> Vec<&str> {
        vec![&self.file_name]
    }
}

fn context(holder: CardHolder) -> String {
    match holder {
        CardHolder::Customer(id) => format!("customer.identity_photo:{id}"),
        CardHolder::Technician(id) => format!("technician.identity_photo:{id}"),
    }
}

/// Encrypts and stores a processed photo.
///
/// # Errors
/// [`Error::Io`]; then no file is left.
pub fn store(
    store: &PhotoStore,
    cipher: &Cipher,
    holder: CardHolder,
    photo: &ProcessedPhoto,
) -> Result<StoredIdentityPhoto> {
    let file_name = store_jpeg(store, cipher, holder, &photo.jpeg)?;
    Ok(StoredIdentityPhoto { file_name, width: photo.width, height: photo.height })
}

/// Encrypts and stores a JPEG that was processed before; returns the name of the file.
///
/// # Errors
/// [`Error::Io`]; then no file is left.
pub fn store_jpeg(
    store: &PhotoStore,
    cipher: &Cipher,
    holder: CardHolder,
    jpeg: &[u8],
) -> Result<String> {
    store.store_encrypted(&cipher.encrypt(&context(holder), jpeg))
}

/// Reads and decrypts a photo; returns a JPEG.
///
/// # Errors
/// [`Error::Internal`] if the file is missing; [`Error::Decryption`] if it was changed or belongs to
/// another holder; [`Error::Io`].
pub fn decrypt(
    store: &PhotoStore,
    cipher: &Cipher,
    holder: CardHolder,
    file_name: &str,
) -> Result<Vec<u8>> {
    let encrypted = store
        .read(file_name)?
        .ok_or_else(|| Error::Internal(format!("{}: its file is missing", context(holder))))?;
    cipher.decrypt(&context(holder), &encrypted)
}

/// The result of a file's re-encryption.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReencryptResult {
    /// It was encrypted with the current key already.
    Current,
    Reencrypted,
    /// It was removed meanwhile.
    Gone,
}

/// Encrypts a file again with the current key, under the same name. Readers get the old or the new
/// content.
///
/// # Errors
/// [`Error::Decryption`], [`Error::Io`].
pub fn reencrypt(
    store: &PhotoStore,
    cipher: &Cipher,
    row: &IdentityPhotoRow,
) -> Result<ReencryptResult> {
    let Some(holder) = row.holder() else { return Ok(ReencryptResult::Gone) };
    let Some(encrypted) = store.read(&row.file_name)? else { return Ok(ReencryptResult::Gone) };
    if cipher.uses_current_key(&encrypted) {
        return Ok(ReencryptResult::Current);
    }
    let plain = cipher.decrypt(&context(holder), &encrypted)?;
    store.replace(&row.file_name, &cipher.encrypt(&context(holder), &plain))?;
    Ok(ReencryptResult::Reencrypted)
}

/// Removes a file that was re-encrypted while its row was deleted.
pub async fn remove_if_left(db: &Db, store: &PhotoStore, file_name: String) -> Result<()> {
    let name = file_name.clone();
    let in_use = db.read(move |conn| Ok::<_, Error>(table::is_in_use(conn, &name)?)).await?;
    if !in_use {
        store.remove(&file_name);
    }
    Ok(())
}
