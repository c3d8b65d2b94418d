//! The sealed files.

use db::Db;
use db::tables::identity_photos::{self as table, CardHolder, IdentityPhotoRow};

use crate::encryption::Cipher;
use crate::error::{Error, Result};
use crate::photos::{PhotoFiles, PhotoStore, ProcessedPhoto};

/// A photo whose sealed file is in the store but belongs to nobody yet.
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

/// Seals a cleaned photo and writes it to the disk.
///
/// # Errors
/// The disk refuses; then nothing is left.
pub fn store(
    store: &PhotoStore,
    cipher: &Cipher,
    holder: CardHolder,
    photo: &ProcessedPhoto,
) -> Result<StoredIdentityPhoto> {
    let file_name = store_jpeg(store, cipher, holder, &photo.jpeg)?;
    Ok(StoredIdentityPhoto { file_name, width: photo.width, height: photo.height })
}

/// Seals a JPEG that was cleaned before, writes it to the disk and gives the name of the file.
///
/// # Errors
/// The disk refuses; then nothing is left.
pub fn store_jpeg(
    store: &PhotoStore,
    cipher: &Cipher,
    holder: CardHolder,
    jpeg: &[u8],
) -> Result<String> {
    store.store_encrypted(&cipher.encrypt(&context(holder), jpeg))
}

/// The photo as a JPEG.
///
/// # Errors
/// The file is gone, was changed, or belongs to somebody else.
pub fn decrypt(
    store: &PhotoStore,
    cipher: &Cipher,
    holder: CardHolder,
    file_name: &str,
) -> Result<Vec<u8>> {
    let sealed = store
        .read(file_name)?
        .ok_or_else(|| Error::Internal(format!("{}: its file is missing", context(holder))))?;
    cipher.decrypt(&context(holder), &sealed)
}

/// What became of a file at a change of keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReencryptResult {
    /// It was sealed with the current key already.
    Current,
    Reencrypted,
    /// Somebody removed it at this moment.
    Gone,
}

/// Seals a file with the current key, under its name: whoever reads meanwhile gets the one or the
/// other, whole.
///
/// # Errors
/// It can not be opened; the disk refuses.
pub fn reencrypt(
    store: &PhotoStore,
    cipher: &Cipher,
    row: &IdentityPhotoRow,
) -> Result<ReencryptResult> {
    let Some(holder) = row.holder() else { return Ok(ReencryptResult::Gone) };
    let Some(sealed) = store.read(&row.file_name)? else { return Ok(ReencryptResult::Gone) };
    if cipher.uses_current_key(&sealed) {
        return Ok(ReencryptResult::Current);
    }
    let plain = cipher.decrypt(&context(holder), &sealed)?;
    store.replace(&row.file_name, &cipher.encrypt(&context(holder), &plain))?;
    Ok(ReencryptResult::Reencrypted)
}

/// Removes a file that was sealed anew while its row went away.
///
/// # Errors
/// The database fails.
pub async fn remove_if_left(db: &Db, store: &PhotoStore, file_name: String) -> Result<()> {
    let name = file_name.clone();
    let in_use = db.read(move |conn| Ok::<_, Error>(table::is_in_use(conn, &name)?)).await?;
    if !in_use {
        store.remove(&file_name);
    }
    Ok(())
}
