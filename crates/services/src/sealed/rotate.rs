//! From former keys to the current one, while the server runs.

use db::tables::sealed::{self as table};
use db::tables::{audit_keys, identity_photos as photos_table};
use db::{Db, Tx};
use serde::Serialize;

use super::{PLACES, Place, audit_key_context};
use crate::audit::{self, AuditKeys, Deed};
use crate::error::{Error, Result};
use crate::identity_photos::{self, Resealed};
use crate::photos::PhotoStore;
use crate::vault::Vault;
use crate::{registrations, users};

/// Values of one transaction: a request waits no longer than that takes.
const BATCH: i64 = 200;

/// What a rotation did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Rotation {
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
pub async fn rotate(db: &Db, vault: &Vault, store: &PhotoStore) -> Result<Rotation> {
    let keys = vault.clone();
    db.write(move |tx| keep_audit_keys(tx, &keys)).await?;
    let mut done = Rotation::default();
    for place in PLACES {
        let mut after = Some(0);
        while let Some(id) = after {
            let vault = vault.clone();
            let (some, last) = db.write(move |tx| reseal_some(tx, &vault, place, id)).await?;
            done.add(some);
            after = last;
        }
    }
    done.add(reseal_photos(db, vault, store).await?);
    registrations::reseal_photos(db, vault, store, |outcome| done.count(outcome)).await?;
    // Its entry also moves the head of the audit to the current key.
    db.write(move |tx| {
        let system = users::system_actor(tx)?;
        let deed = Deed { action: "keys.rotate", entity: "keys", entity_id: 0 };
        audit::record::<(), _>(tx, &system, deed, None, Some(&done))
    })
    .await?;
    Ok(done)
}

impl Rotation {
    fn count(&mut self, outcome: Result<Resealed>) {
        match outcome {
            Ok(Resealed::Current) => self.current += 1,
            Ok(Resealed::Now) => self.resealed += 1,
            Ok(Resealed::Gone) => {}
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
fn keep_audit_keys(tx: &mut Tx<'_>, vault: &Vault) -> Result<()> {
    for (id, key) in AuditKeys::of(vault).former() {
        let sealed = vault.seal(&audit_key_context(id), key);
        audit_keys::keep(tx.conn(), id, &sealed)?;
    }
    Ok(())
}

/// One batch, and the id after which the next one begins.
fn reseal_some(
    tx: &mut Tx<'_>,
    vault: &Vault,
    place: &Place,
    after: i64,
) -> Result<(Rotation, Option<i64>)> {
    let mut done = Rotation::default();
    let values = table::after(tx.conn(), place.column, after, BATCH)?;
    for value in &values {
        if vault.is_current(&value.sealed) {
            done.current += 1;
            continue;
        }
        let context = (place.context)(value.id);
        match vault.open(&context, &value.sealed) {
            Ok(plain) => {
                let sealed = vault.seal(&context, &plain);
                // Whoever was faster has sealed with the current key.
                table::exchange(tx.conn(), place.column, value, &sealed)?;
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

async fn reseal_photos(db: &Db, vault: &Vault, store: &PhotoStore) -> Result<Rotation> {
    let (mut done, mut after) = (Rotation::default(), 0);
    loop {
        let rows =
            db.read(move |conn| Ok::<_, Error>(photos_table::after(conn, after, BATCH)?)).await?;
        let Some(last) = rows.last() else { return Ok(done) };
        after = last.id;
        for row in rows {
            let name = row.file_name.clone();
            let (keys, files) = (vault.clone(), store.clone());
            let work = move || identity_photos::reseal(&files, &keys, &row);
            let stopped = |_| Error::Db(db::DbError::Stopped);
            let outcome = tokio::task::spawn_blocking(work).await.map_err(stopped)?;
            let written = matches!(outcome, Ok(Resealed::Now));
            done.count(outcome);
            if written {
                identity_photos::remove_if_left(db, store, name).await?;
            }
        }
    }
}
