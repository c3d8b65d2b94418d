//! Photos of identity cards of applicants: encrypted, until somebody has decided.

use db::Db;
use db::tables::technician_registrations::{self as table, RegistrationRow};
use db::tables::technicians as technicians_table;
use shared::audit::AuditAction;
use shared::technician_registration::RegistrationStatus;
use shared::{ChatId, RegistrationId, TechnicianId};

use crate::audit::{self, AuditEvent};
use crate::encryption::Cipher;
use crate::error::{Error, OrNotFound, Result};
use crate::identity_photos::{self, CardHolder, ReencryptResult, StoredIdentityPhoto};
use crate::photos::{PendingPhoto, PhotoFiles, PhotoStore, ProcessedPhoto};
use crate::{Actor, users};
use db::Tx;
use shared::Permission;

/// Photos that find their place in one go.
const BATCH: i64 = 20;

/// A encrypted photo in the store that belongs to no registration yet.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ApplicantPhoto {
    pub file_name: String,
    /// Pixels.
    pub width: i32,
    /// Pixels.
    pub height: i32,
}

impl PhotoFiles for ApplicantPhoto {
    fn file_names(&self) -> Vec<&str> {
        vec![&self.file_name]
    }
}

fn context(chat: ChatId) -> String {
    format!("registration.identity_photo:{chat}")
}

/// Seals a cleaned photo of the person of this chat and writes it to the disk.
///
/// # Errors
/// The disk refuses; then nothing is left.
pub fn store_encrypted_photo(
    store: &PhotoStore,
    cipher: &Cipher,
    chat: ChatId,
    photo: &ProcessedPhoto,
) -> Result<ApplicantPhoto> {
    let file_name = store.store_encrypted(&cipher.encrypt(&context(chat), &photo.jpeg))?;
    Ok(ApplicantPhoto { file_name, width: photo.width, height: photo.height })
}

/// Notes that the actor looks at the photo, and gives the chat and the name of its file.
///
/// # Errors
/// Not allowed; there is none.
pub fn view_photo(tx: &mut Tx<'_>, actor: &Actor, id: RegistrationId) -> Result<EncryptedPhoto> {
    actor.scope(Permission::TechniciansManage)?;
    let row = table::find(tx.conn(), id)?.or_not_found()?;
    let file_name = row.photo_file.or_not_found()?;
    let event = AuditEvent {
        action: AuditAction::TechnicianRegistrationReadIdentityPhoto,
        entity_id: id.0,
    };
    audit::record::<(), ()>(tx, actor, event, None, None)?;
    Ok(EncryptedPhoto { chat: row.chat_id, file_name })
}

/// A encrypted photo of an applicant.
#[derive(Debug, Clone)]
pub struct EncryptedPhoto {
    chat: ChatId,
    file_name: String,
}

impl EncryptedPhoto {
    /// The photo as a JPEG.
    ///
    /// # Errors
    /// The file is gone or was changed.
    pub fn decrypt(&self, store: &PhotoStore, cipher: &Cipher) -> Result<Vec<u8>> {
        let encrypted = store.read(&self.file_name)?.or_not_found()?;
        cipher.decrypt(&context(self.chat), &encrypted)
    }
}

/// Gives the photos of those who were let in to their technicians, and removes those of the others.
/// It may be interrupted at any point: what was not done is done the next time.
///
/// # Errors
/// The database or the upload folder fails.
pub async fn process_decided_photos(db: &Db, cipher: &Cipher, store: &PhotoStore) -> Result<()> {
    let rows = db.read(|conn| Ok::<_, Error>(table::decided_with_photo(conn, BATCH)?)).await?;
    for row in rows {
        match (row.status, row.technician_id) {
            (RegistrationStatus::Approved, Some(id)) => {
                move_to_technician(db, cipher, store, row, id).await?
            }
            _ => delete_photo(db, store, row).await?,
        }
    }
    Ok(())
}

async fn move_to_technician(
    db: &Db,
    cipher: &Cipher,
    store: &PhotoStore,
    row: RegistrationRow,
    technician: TechnicianId,
) -> Result<()> {
    let Some(old) = row.photo_file.clone() else { return Ok(()) };
    let Some(encrypted) = store.read(&old)? else { return delete_photo(db, store, row).await };
    let holder = CardHolder::Technician(technician);
    let jpeg = cipher.decrypt(&context(row.chat_id), &encrypted)?;
    let file_name = identity_photos::store_jpeg(store, cipher, holder, &jpeg)?;
    let stored = StoredIdentityPhoto {
        file_name,
        width: row.photo_width.unwrap_or_default(),
        height: row.photo_height.unwrap_or_default(),
    };
    let photo = PendingPhoto::new(store, stored);
    let adding = photo.clone();
    let moved = db
        .write(move |tx| {
            if !table::clear_photo(tx.conn(), row.id)? {
                return Ok(false);
            }
            let actor = uploader(tx, technician)?;
            identity_photos::put(tx, &actor, holder, adding.use_in_transaction())?;
            Ok::<_, Error>(true)
        })
        .await;
    photo.settle(&moved);
    if moved? {
        store.remove(&old);
    }
    Ok(())
}

/// The applicant, who is a technician by now.
fn uploader(tx: &mut Tx<'_>, technician: TechnicianId) -> Result<Actor> {
    let user = technicians_table::find_user_id(tx.conn(), technician)?.or_not_found()?;
    let facts = users::account_state(tx.conn(), user)?.or_not_found()?;
    Ok(Actor::for_user(user, facts.name, facts.role, Some(technician)))
}

async fn delete_photo(db: &Db, store: &PhotoStore, row: RegistrationRow) -> Result<()> {
    let id = row.id;
    db.write(move |tx| Ok::<_, Error>(table::clear_photo(tx.conn(), id)?)).await?;
    if let Some(file) = row.photo_file {
        store.remove(&file);
    }
    Ok(())
}

/// Seals the photos of those who wait with the current key.
///
/// # Errors
/// The database fails. What became of each file is given to `done`.
pub async fn reencrypt_photos(
    db: &Db,
    cipher: &Cipher,
    store: &PhotoStore,
    mut done: impl FnMut(Result<ReencryptResult>),
) -> Result<()> {
    let mut after = 0;
    loop {
        let rows = db
            .read(move |conn| Ok::<_, Error>(table::with_photo_after(conn, after, BATCH)?))
            .await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.id.0;
        for row in rows {
            done(reencrypt(store, cipher, &row));
        }
    }
}

fn reencrypt(
    store: &PhotoStore,
    cipher: &Cipher,
    row: &RegistrationRow,
) -> Result<ReencryptResult> {
    let Some(name) = &row.photo_file else { return Ok(ReencryptResult::Gone) };
    let Some(encrypted) = store.read(name)? else { return Ok(ReencryptResult::Gone) };
    if cipher.uses_current_key(&encrypted) {
        return Ok(ReencryptResult::Current);
    }
    let plain = cipher.decrypt(&context(row.chat_id), &encrypted)?;
    store.replace(name, &cipher.encrypt(&context(row.chat_id), &plain))?;
    Ok(ReencryptResult::Reencrypted)
}
