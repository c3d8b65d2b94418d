//! Customer identity numbers (NIK): encrypted in the database, masked in responses, readable in
//! full with a permission.

use db::tables::customer_niks::{self, EncryptedNik};
use db::tables::customers::{self as table, CustomerRow};
use db::{Db, DbError, Tx};
use shared::audit::AuditAction;
use shared::identity::CustomerNik;
use shared::{CustomerId, ErrorCode, Nik, NikInput};

use crate::Actor;
use crate::audit::{self, AuditEvent};
use crate::auth::jwt::keyed_hash;
use crate::encryption::{Cipher, KEY_BYTES};
use crate::encryption_at_rest::nik_context;
use crate::error::{Error, OrNotFound, Result};

/// Purpose of the key of the hashes.
const HASH_PURPOSE: &str = "customer.nik hash";
/// Numbers that are hashed in one transaction.
const HASH_BATCH: i64 = 200;

/// Placeholder for an identity number that can not be decrypted.
const UNREADABLE_NIK: &str = "••••••••••••••••";

/// Returns a customer's full identity number and records the access in the audit.
///
/// # Errors
/// `NotFound` for an unknown customer or one without a number.
pub fn read_nik(
    tx: &mut Tx<'_>,
    cipher: &Cipher,
    actor: &Actor,
    id: CustomerId,
) -> Result<CustomerNik> {
    let (row, ..) = table::find(tx.conn(), id, None)?.or_not_found()?;
    let nik = decrypt_nik(cipher, id, &row.nik.or_not_found()?)?;
    let event = AuditEvent { action: AuditAction::CustomerReadNik, entity_id: id.0 };
    audit::record::<(), ()>(tx, actor, event, None, None)?;
    Ok(CustomerNik { nik: nik.as_str().to_owned() })
}

/// Encrypts an identity number for storage.
pub(crate) fn encrypt_nik(cipher: &Cipher, id: CustomerId, nik: &Nik) -> EncryptedNik {
    let encrypted = cipher.encrypt(&nik_context(id), nik.as_str().as_bytes());
    let hash = nik_hash(&cipher.derive_key(HASH_PURPOSE), nik);
    EncryptedNik { customer: id, encrypted, hash }
}

/// The hashes under which a number may be stored: with the current key, and with former ones until the keys are
/// rotated.
pub(crate) fn nik_hashes(cipher: &Cipher, nik: &Nik) -> Vec<String> {
    cipher.derive_keys(HASH_PURPOSE).iter().map(|key| nik_hash(key, nik)).collect()
}

/// There are so few identity numbers that a hash without a key could be guessed.
fn nik_hash(key: &[u8; KEY_BYTES], nik: &Nik) -> String {
    keyed_hash(key, &[nik.as_str().as_bytes()])
}

/// Stores the hashes of numbers that have none, or of all after a change of the keys.
pub(crate) async fn hash_niks(db: &Db, cipher: &Cipher, all: bool) -> Result<()> {
    let mut after = Some(CustomerId(0));
    while let Some(last) = after {
        let cipher = cipher.clone();
        after = db.write(move |tx| hash_batch(tx, &cipher, last, all)).await?;
    }
    Ok(())
}

/// Returns the last customer of the batch; `None` if there was none.
fn hash_batch(
    tx: &mut Tx<'_>,
    cipher: &Cipher,
    after: CustomerId,
    all: bool,
) -> Result<Option<CustomerId>> {
    let rows = customer_niks::list_encrypted(tx.conn(), after, !all, HASH_BATCH)?;
    for (id, encrypted) in &rows {
        // What no key decrypts is named in the log wherever it is read.
        if let Ok(nik) = decrypt_nik(cipher, *id, encrypted) {
            let hash = nik_hash(&cipher.derive_key(HASH_PURPOSE), &nik);
            customer_niks::set_hash(tx.conn(), *id, &hash)?;
        }
    }
    Ok(rows.last().map(|(id, _)| *id))
}

fn decrypt_nik(cipher: &Cipher, id: CustomerId, encrypted: &[u8]) -> Result<Nik> {
    let context = nik_context(id);
    let digits = String::from_utf8(cipher.decrypt(&context, encrypted)?).ok();
    let nik = digits.and_then(|digits| Nik::parse(&digits).ok());
    nik.ok_or_else(|| DbError::Corrupt(format!("{context}: is no identity number")).into())
}

/// Decrypts the stored identity number.
pub(crate) fn stored_nik(cipher: &Cipher, row: &CustomerRow) -> Result<Option<Nik>> {
    row.nik.as_ref().map(|encrypted| decrypt_nik(cipher, row.id, encrypted)).transpose()
}

/// Returns the number to store, or `None` if the stored one stays.
///
/// # Errors
/// `InvalidNik` for a masked number that is not the stored one.
pub(super) fn nik_to_store(given: Option<&NikInput>, stored: Option<&Nik>) -> Result<Option<Nik>> {
    match given {
        None => Ok(None),
        Some(NikInput::Full(nik)) => Ok(Some(nik.clone()).filter(|nik| Some(nik) != stored)),
        Some(NikInput::Masked(shown)) if stored.is_some_and(|nik| nik.masked() == *shown) => {
            Ok(None)
        }
        Some(NikInput::Masked(_)) => Err(Error::field("nik", ErrorCode::InvalidNik)),
    }
}

/// The masked number. A value that can not be decrypted is logged and must not break a whole list.
pub(super) fn masked_nik(cipher: &Cipher, row: &CustomerRow) -> Option<String> {
    match stored_nik(cipher, row) {
        Ok(nik) => nik.map(|nik| nik.masked()),
        Err(error) => {
            log::error!("{error}");
            Some(UNREADABLE_NIK.to_owned())
        }
    }
}
