//! Customers with certain numbers, names or identities.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable, Text};
use shared::{CustomerId, PhoneNumber, TechnicianId};

use super::list::{filtered, lower};
use super::{CustomerFilter, CustomerRow, CustomerWithPlanCode, with_plan_code};
use crate::conn::{Backend, Conn};
use crate::error::DbError;
use crate::prepared::Prepared;
use crate::schema::{customers as table, identity_photos, jobs};

/// Finds a customer; with a technician, only among the customers of that technician's jobs.
pub fn find(
    conn: &mut Conn,
    id: CustomerId,
    technician_id: Option<TechnicianId>,
) -> Result<Option<CustomerWithPlanCode>, DbError> {
    let filter = CustomerFilter { technician_id, ..CustomerFilter::default() };
    let query = filtered(&filter).filter(table::id.eq(id));
    Ok(Prepared(with_plan_code!(query)).get_result(conn).optional()?)
}

/// Finds a customer with the serial numbers of the devices there, in their order of installation.
pub fn find_with_devices(
    conn: &mut Conn,
    id: CustomerId,
) -> Result<Option<(CustomerRow, Vec<String>)>, DbError> {
    let serials = match conn.backend() {
        Backend::Sqlite => {
            "(SELECT json_group_array(serial_number ORDER BY installed_at, serial_number)
                FROM installed_devices WHERE customer_id = customers.id)"
        }
        Backend::Postgres => {
            "(SELECT coalesce(json_agg(serial_number ORDER BY installed_at, serial_number), '[]')::text
                FROM installed_devices WHERE customer_id = customers.id)"
        }
    };
    let customer = table::table.find(id).select((CustomerRow::as_select(), sql::<Text>(serials)));
    let found: Option<(CustomerRow, String)> = Prepared(customer).get_result(conn).optional()?;
    let Some((row, serials)) = found else { return Ok(None) };
    let serials = serde_json::from_str(&serials)
        .map_err(|error| DbError::Corrupt(format!("devices of customer {id}: {error}")))?;
    Ok(Some((row, serials)))
}

/// Returns those of the numbers that are in use. At most a few hundred at once.
pub fn numbers_in_use(conn: &mut Conn, numbers: &[String]) -> Result<Vec<String>, DbError> {
    let rows = table::table.filter(table::number.eq_any(numbers.to_vec()));
    Ok(rows.select(table::number).load(conn)?)
}

/// The customers with these numbers. At most a few hundred at once.
pub fn find_by_numbers(conn: &mut Conn, numbers: &[&str]) -> Result<Vec<CustomerRow>, DbError> {
    let numbers: Vec<String> = numbers.iter().map(|&number| number.to_owned()).collect();
    let rows = table::table.filter(table::number.eq_any(numbers));
    Ok(rows.select(CustomerRow::as_select()).load(conn)?)
}

/// The customers with these phone numbers, oldest first. At most a few hundred at once.
pub fn find_by_phones(
    conn: &mut Conn,
    phones: &[&PhoneNumber],
) -> Result<Vec<CustomerRow>, DbError> {
    let phones: Vec<PhoneNumber> = phones.iter().map(|&phone| phone.clone()).collect();
    let rows = table::table.filter(table::phone.eq_any(phones)).order(table::id);
    Ok(rows.select(CustomerRow::as_select()).load(conn)?)
}

/// The versions of those of the customers that exist. At most a few hundred at once.
pub fn versions(conn: &mut Conn, ids: &[CustomerId]) -> Result<Vec<(CustomerId, i64)>, DbError> {
    let rows = table::table.filter(table::id.eq_any(ids.to_vec()));
    Ok(rows.select((table::id, table::version)).load(conn)?)
}

/// Those of the customers with a job or a photo of an identity card. At most a few hundred at once.
pub fn in_use(conn: &mut Conn, ids: &[CustomerId]) -> Result<Vec<CustomerId>, DbError> {
    let with_jobs = jobs::table.filter(jobs::customer_id.eq_any(ids.to_vec()));
    let mut used: Vec<CustomerId> = with_jobs.select(jobs::customer_id).distinct().load(conn)?;
    let with_photos =
        identity_photos::table.filter(identity_photos::customer_id.eq_any(ids.to_vec()));
    let photos: Vec<Option<CustomerId>> =
        with_photos.select(identity_photos::customer_id).load(conn)?;
    used.extend(photos.into_iter().flatten());
    Ok(used)
}

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
    let query = filtered(&filter)
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
    let query = filtered(&filter)
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
    let query = filtered(&filter)
        .filter(table::nik_hash.assume_not_null().eq_any(hashes.to_vec()))
        .order(table::id)
        .limit(limit);
    Ok(with_plan_code!(query).load(conn)?)
}
