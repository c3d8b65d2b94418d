//! Customers that look like one that is being typed.

use diesel::prelude::*;
use shared::{PhoneNumber, TechnicianId};

use super::{CustomerFilter, CustomerRow, CustomerWithPlanCode, filtered, lower, table};
use crate::conn::Conn;
use crate::error::DbError;
use diesel::dsl::sql;
use diesel::sql_types::{Bool, Nullable, Text};

/// The customers with one of these numbers as their first or second phone number, oldest first; with a technician, only
/// among the customers of that technician's jobs.
pub fn with_phone(
    conn: &mut Conn,
    phones: &[PhoneNumber],
    technician_id: Option<TechnicianId>,
    limit: i64,
) -> Result<Vec<CustomerWithPlanCode>, DbError> {
    let filter = CustomerFilter { technician_id, ..CustomerFilter::default() };
    let second = table::second_phone.assume_not_null().eq_any(phones.to_vec());
    let query = filtered(conn.backend(), &filter)
        .filter(table::phone.eq_any(phones.to_vec()).or(second))
        .order(table::id)
        .limit(limit);
    Ok(with_plan_code!(query).load(conn)?)
}

/// The customers with this name and address, whatever the case, oldest first.
pub fn with_name_and_address(
    conn: &mut Conn,
    name: &str,
    address: &str,
    technician_id: Option<TechnicianId>,
    limit: i64,
) -> Result<Vec<CustomerWithPlanCode>, DbError> {
    let filter = CustomerFilter { technician_id, ..CustomerFilter::default() };
    let query = filtered(conn.backend(), &filter)
        .filter(lower(table::name.nullable()).eq(lower(name.to_owned())))
        .filter(lower(table::address.nullable()).eq(lower(address.to_owned())))
        .order(table::id)
        .limit(limit);
    Ok(with_plan_code!(query).load(conn)?)
}

/// The customers whose identity number has one of these hashes, oldest first.
pub fn with_nik_hash(
    conn: &mut Conn,
    hashes: &[String],
    technician_id: Option<TechnicianId>,
    limit: i64,
) -> Result<Vec<CustomerWithPlanCode>, DbError> {
    let filter = CustomerFilter { technician_id, ..CustomerFilter::default() };
    let query = filtered(conn.backend(), &filter)
        .filter(table::nik_hash.assume_not_null().eq_any(hashes.to_vec()))
        .order(table::id)
        .limit(limit);
    Ok(with_plan_code!(query).load(conn)?)
}
