//! Stored customers that look like the one that is being typed.

use db::Conn;
use db::tables::customers::{self as table, CustomerWithPlanCode};
use shared::customer::{SimilarCustomer, SimilarCustomerQuery, SimilarityReason};
use shared::{Page, Permission, PersonalData, Visibility};

use super::{nik_hashes, view_for};
use crate::Actor;
use crate::encryption::Cipher;
use crate::error::Result;
use crate::pagination::single_page;

/// Customers that are returned for each reason at most.
const MAX_SIMILAR: i64 = 5;

/// Lists the customers with the same phone number, then those with the same name and address. Saving another one stays
/// allowed: families share a number. The phone number is compared only for readers who may see it, and the identity number,
/// by its keyed hash, only for those who may change customers.
///
/// # Errors
/// `Forbidden`, invalid fields.
pub fn similar(
    conn: &mut Conn,
    cipher: &Cipher,
    actor: &Actor,
    query: &SimilarCustomerQuery,
) -> Result<Page<SimilarCustomer>> {
    let technician = actor.technician_limit(Permission::CustomersRead)?;
    let typed = query.parse()?;
    let sees_phone = actor.visibility_of(PersonalData::CustomerPhone) == Visibility::Full;
    let mut found: Vec<SimilarCustomer> = Vec::new();
    let mut add = |rows: Vec<CustomerWithPlanCode>, reason: SimilarityReason| {
        for row in rows {
            let customer = view_for(cipher, row, actor);
            if found.iter().all(|known| known.customer.id != customer.id) {
                found.push(SimilarCustomer { customer, reason });
            }
        }
    };
    if sees_phone && !typed.phones.is_empty() {
        let rows = table::with_phone(conn, &typed.phones, technician, MAX_SIMILAR)?;
        add(rows, SimilarityReason::Phone);
    }
    let writes = actor.scope(Permission::CustomersWrite).is_ok();
    if let Some(nik) = typed.nik.as_ref().filter(|_| writes) {
        let rows = table::with_nik_hash(conn, &nik_hashes(cipher, nik), technician, MAX_SIMILAR)?;
        add(rows, SimilarityReason::Nik);
    }
    if let Some((name, address)) = &typed.name_and_address {
        let rows = table::with_name_and_address(conn, name, address, technician, MAX_SIMILAR)?;
        add(rows, SimilarityReason::NameAndAddress);
    }
    Ok(single_page(found))
}
