//! Key rotation: re-encryption with the current key while the server runs.

use db::tables::encrypted_columns::{self as table};
use db::tables::{audit_keys, identity_photos as photos_table};
use db::{Db, Tx};
use serde::Serialize;

use crate::encryption_at_rest::{ColumnContext, ENCRYPTED_COLUMNS, audit_key_context, hash_niks};
use shared::audit::AuditAction;

use crate::audit::{self, AuditEvent, AuditKeys};
use crate::encryption::Cipher;
use crate::error::{Error, Result};
use crate::identity_photos::{self, ReencryptResult};
use crate::photos::PhotoStore;
use crate::{technician_registrations, users};

/// Values per transaction; it limits how long requests wait.
const BATCH: i64 = 200;

/// Result of a key rotation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct RotationReport {
    /// Values and files re-encrypted with the current key.
    pub reencrypted: u64,
    /// Values and files that already used the current key.
    pub current: u64,
    /// Values and files that no key decrypts; the log names them.
    pub unreadable: u64,
}

/// Re-encrypts everything that uses a former key. It may be interrupted and started again; values
/// changed by others meanwhile already use the current key. A value that can not be decrypted is
/// counted, not an error.
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
    hash_niks(db, cipher, true).await?;
    done.add(reencrypt_photos(db, cipher, store).await?);
    technician_registrations::reencrypt_photos(db, cipher, store, |outcome| done.count(outcome))
        .await?;
    // This audit entry also moves the chain head to the current key.
    db.write(move |tx| {
        let system = users::system_actor(tx)?;
        let event = AuditEvent { action: AuditAction::KeysRotate, entity_id: 0 };
        audit::record::<(), _>(tx, &system, event, None, Some(&done))
    })
    .await?;
    Ok(done)
}

impl RotationReport {
    fn count(&mut self, outcome: Result<ReencryptResult>) {
        match outcome {
            Ok(ReencryptResult::Current) => self.current += 1,
            Ok(ReencryptResult::Reencrypted) => self.reencrypted += 1,
            Ok(ReencryptResult::Gone) => {}
            Err(error) => {
                log::error!("{error}");
                self.unreadable += 1;
            }
        }
    }

    fn add(&mut self, other: Self) {
        self.reencrypted += other.reencrypted;
        self.current += other.current;
        self.unreadable += other.unreadable;
    }
}

/// Stores the former audit keys encrypted, because audit entries can not be signed again.
fn store_audit_keys(tx: &mut Tx<'_>, cipher: &Cipher) -> Result<()> {
    for (id, key) in AuditKeys::from_cipher(cipher).previous() {
        let encrypted = cipher.encrypt(&audit_key_context(id), key);
        audit_keys::insert_if_absent(tx.conn(), id, &encrypted)?;
    }
    Ok(())
}

/// Re-encrypts one batch; also returns the id after which the next batch begins.
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
                let encrypted = cipher.encrypt(&context, &plain);
                // If another transaction was faster, the value already uses the current key.
                table::replace(tx.conn(), place.column, value, &encrypted)?;
                done.reencrypted += 1;
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
