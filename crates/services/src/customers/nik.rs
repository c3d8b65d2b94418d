//! Customer identity numbers (NIK): encrypted in the database, masked in responses, readable in
//! full with a permission.

use db::tables::customer_niks::EncryptedNik;
use db::tables::customers::{self as table, CustomerRow};
use db::{DbError, Tx};
use shared::audit::AuditAction;
use shared::identity::CustomerNik;
use shared::{CustomerId, ErrorCode, Nik, NikInput};

use crate::Actor;
use crate::audit::{self, AuditEvent};
use crate::encryption::Cipher;
use crate::encryption_at_rest::{NIK_HASH_PURPOSE, nik_context};
use crate::error::{Error, OrNotFound, Result};

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
    let hash = cipher.hash(NIK_HASH_PURPOSE, nik.as_str().as_bytes());
    EncryptedNik { customer: id, encrypted, hash }
}

/// The hashes under which a number may be stored: with the current key, and with former ones until the keys are
/// rotated.
pub(crate) fn nik_hashes(cipher: &Cipher, nik: &Nik) -> Vec<String> {
    cipher.hashes(NIK_HASH_PURPOSE, nik.as_str().as_bytes())
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
