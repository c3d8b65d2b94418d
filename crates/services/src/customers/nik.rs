//! Identity numbers: sealed in the database, masked for everybody, in full for few.

use db::tables::customers::{self as table, CustomerRow};
use db::{DbError, Tx};
use shared::identity::CustomerNik;
use shared::{CustomerId, ErrorCode, GivenNik, Nik};

use crate::Actor;
use crate::audit::{self, Deed};
use crate::error::{Error, OrNotFound, Result};
use crate::sealed::nik_context;
use crate::vault::Vault;

/// Stands for an identity number that can not be opened.
const UNREADABLE_NIK: &str = "••••••••••••••••";

/// A customer's identity number in full; the look at it is in the audit.
///
/// # Errors
/// Unknown, or without a number.
pub fn read_nik(
    tx: &mut Tx<'_>,
    vault: &Vault,
    actor: &Actor,
    id: CustomerId,
) -> Result<CustomerNik> {
    let (row, ..) = table::find(tx.conn(), id, None)?.or_not_found()?;
    let nik = open_nik(vault, id, &row.nik.or_not_found()?)?;
    let deed = Deed { action: "customer.read_nik", entity: "customer", entity_id: id.0 };
    audit::record::<(), ()>(tx, actor, deed, None, None)?;
    Ok(CustomerNik { nik: nik.as_str().to_owned() })
}

/// The number as it is stored.
pub(crate) fn seal_nik(vault: &Vault, id: CustomerId, nik: &Nik) -> Vec<u8> {
    vault.seal(&nik_context(id), nik.as_str().as_bytes())
}

fn open_nik(vault: &Vault, id: CustomerId, sealed: &[u8]) -> Result<Nik> {
    let context = nik_context(id);
    let digits = String::from_utf8(vault.open(&context, sealed)?).ok();
    let nik = digits.and_then(|digits| Nik::parse(&digits).ok());
    nik.ok_or_else(|| DbError::Corrupt(format!("{context}: is no identity number")).into())
}

/// The customer's stored number.
///
/// # Errors
/// It can not be opened.
pub(crate) fn stored_nik(vault: &Vault, row: &CustomerRow) -> Result<Option<Nik>> {
    row.nik.as_ref().map(|sealed| open_nik(vault, row.id, sealed)).transpose()
}

/// The number that has to be written, if it is another one than the stored one.
pub(super) fn to_write(given: Option<&GivenNik>, stored: Option<&Nik>) -> Result<Option<Nik>> {
    match given {
        None => Ok(None),
        Some(GivenNik::Full(nik)) => Ok(Some(nik.clone()).filter(|nik| Some(nik) != stored)),
        Some(GivenNik::Masked(shown)) if stored.is_some_and(|nik| nik.masked() == *shown) => {
            Ok(None)
        }
        Some(GivenNik::Masked(_)) => Err(Error::field("nik", ErrorCode::InvalidNik)),
    }
}

/// The number as everybody sees it. One that can not be opened must not take a whole list along.
pub(super) fn masked(vault: &Vault, row: &CustomerRow) -> Option<String> {
    match stored_nik(vault, row) {
        Ok(nik) => nik.map(|nik| nik.masked()),
        Err(error) => {
            log::error!("{error}");
            Some(UNREADABLE_NIK.to_owned())
        }
    }
}
