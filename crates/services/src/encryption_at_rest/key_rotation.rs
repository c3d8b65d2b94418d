//! From former keys to the current one, while the server runs.

use db::tables::encrypted_columns::{self as table};
use db::tables::{audit_keys, identity_photos as photos_table};
use db::{Db, Tx};
use serde::Serialize;

use super::{ColumnContext, ENCRYPTED_COLUMNS, audit_key_context};
use crate::audit::{self, AuditEvent, AuditKeys};
use crate::encryption::Cipher;
use crate::error::{Error, Result};
use crate::identity_photos::{self, ReencryptResult};
use crate::photos::PhotoStore;
use crate::{technician_registrations, users};

/// Values of one transaction: a request waits no longer than that takes.
const BATCH: i64 = 200;

/// What a rotation did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct RotationReport {
    /// Values and files that are now sealed with the current key.
    pub resealed: u64,
    /// Those that were already.
    pub current: u64,
    /// Those that none of the keys opens; the log names them.
    pub unreadable: u64,
}

/// Seals everything with the current key that is sealed with a former one. It may be interrupted
/// at any point and begun again; what is changed by others meanwhile is left to them.
///
/// # Errors
/// The database or the upload folder fails. A value that can not be opened is no error: it is
/// counted.
pub async fn rotate_keys(db: &Db, cipher: &Cipher, store: &PhotoStore) -> Result<RotationReport> {
    let keys = cipher.clone();
    db.write(move |tx| store_audit_keys(tx, &keys)).await?;
    let mut done = RotationReport::default();
    for place in ENCRYPTED_COLUMNS {
        let mut after = Some(0);
        while let Some(id) = after {
            let cipher = cipher.clone();
            let (some, last) = db.write(move |tx| reencrypt_batch(tx, &cipher, place, id)).await?;
            done.add(some);
            after = last;
        }
    }
    done.add(reencrypt_photos(db, cipher, store).await?);
    technician_registrations::reencrypt_photos(db, cipher, store, |outcome| done.count(outcome))
        .await?;
    // Its entry also moves the head of the audit to the current key.
    db.write(move |tx| {
        let system = users::system_actor(tx)?;
        let deed = AuditEvent { action: "keys.rotate", entity: "keys", entity_id: 0 };
        audit::record::<(), _>(tx, &system, deed, None, Some(&done))
    })
    .await?;
    Ok(done)
}

impl RotationReport {
    fn count(&mut self, outcome: Result<ReencryptResult>) {
        match outcome {
            Ok(ReencryptResult::Current) => self.current += 1,
            Ok(ReencryptResult::Reencrypted) => self.resealed += 1,
            Ok(ReencryptResult::Gone) => {}
            Err(error) => {
                log::error!("{error}");
                self.unreadable += 1;
            }
        }
    }

    fn add(&mut self, other: Self) {
        self.resealed += other.resealed;
        self.current += other.current;
        self.unreadable += other.unreadable;
    }
}

/// Entries of the audit can't be made anew. Their keys are kept instead, sealed like the rest.
fn store_audit_keys(tx: &mut Tx<'_>, cipher: &Cipher) -> Result<()> {
    for (id, key) in AuditKeys::from_cipher(cipher).previous() {
        let sealed = cipher.encrypt(&audit_key_context(id), key);
        audit_keys::insert_if_absent(tx.conn(), id, &sealed)?;
    }
    Ok(())
}

/// One batch, and the id after which the next one begins.
fn reencrypt_batch(
    tx: &mut Tx<'_>,
    cipher: &Cipher,
    place: &ColumnContext,
    after: i64,
) -> Result<(RotationReport, Option<i64>)> {
    let mut done = RotationReport::default();
    let values = table::after(tx.conn(), place.column, after, BATCH)?;
    for value in &values {
        if cipher.uses_current_key(&value.encrypted) {
            done.current += 1;
            continue;
        }
        let context = (place.context)(value.id);
        match cipher.decrypt(&context, &value.encrypted) {
            Ok(plain) => {
                let sealed = cipher.encrypt(&context, &plain);
                // Whoever was faster has sealed with the current key.
                table::replace(tx.conn(), place.column, value, &sealed)?;
                done.resealed += 1;
            }
            Err(error) => {
                log::error!("{error}");
                done.unreadable += 1;
            }
        }
    }
    Ok((done, values.last().map(|value| value.id)))
}

async fn reencrypt_photos(db: &Db, cipher: &Cipher, store: &PhotoStore) -> Result<RotationReport> {
    let (mut done, mut after) = (RotationReport::default(), 0);
    loop {
        let rows =
            db.read(move |conn| Ok::<_, Error>(photos_table::after(conn, after, BATCH)?)).await?;
        let Some(last) = rows.last() else { return Ok(done) };
        after = last.id;
        for row in rows {
            let name = row.file_name.clone();
            let (keys, files) = (cipher.clone(), store.clone());
            let work = move || identity_photos::reencrypt(&files, &keys, &row);
            let stopped = |_| Error::Internal("the re-encryption thread stopped".into());
            let outcome = tokio::task::spawn_blocking(work).await.map_err(stopped)?;
            let written = matches!(outcome, Ok(ReencryptResult::Reencrypted));
            done.count(outcome);
            if written {
                identity_photos::remove_if_left(db, store, name).await?;
            }
        }
    }
}
