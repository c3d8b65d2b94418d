//! Devices that hang at customers, by serial number.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text, Timestamp};
use shared::{CustomerId, JobId};

use crate::conn::Conn;
use crate::error::DbError;
use crate::schema::{customers, installed_devices as table, jobs};

/// Where a device hangs.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct InstalledDevice {
    pub customer_id: CustomerId,
    pub customer_name: String,
    pub job_number: String,
    pub installed_at: NaiveDateTime,
}

/// Where the device with this serial number hangs.
pub fn find(conn: &mut Conn, serial: &str) -> Result<Option<InstalledDevice>, DbError> {
    Ok(table::table
        .inner_join(customers::table)
        .inner_join(jobs::table)
        .filter(table::serial_number.eq(serial))
        .select((table::customer_id, customers::name, jobs::number, table::installed_at))
        .first(conn)
        .optional()?)
}

/// Records a device at a customer, unless it hangs somewhere already; false in that case.
pub fn insert(
    conn: &mut Conn,
    serial: &str,
    customer: CustomerId,
    job: JobId,
    now: NaiveDateTime,
) -> Result<bool, DbError> {
    let insert = diesel::sql_query(
        "INSERT INTO installed_devices (serial_number, customer_id, job_id, installed_at)
         VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
    )
    .bind::<Text, _>(serial)
    .bind::<BigInt, _>(customer)
    .bind::<BigInt, _>(job)
    .bind::<Timestamp, _>(now);
    Ok(insert.execute(conn)? == 1)
}

/// The serial numbers of the devices at a customer, in their order of installation.
pub fn serials_of(conn: &mut Conn, customer: CustomerId) -> Result<Vec<String>, DbError> {
    Ok(table::table
        .filter(table::customer_id.eq(customer))
        .order((table::installed_at, table::serial_number))
        .select(table::serial_number)
        .load(conn)?)
}

/// The serial numbers of the devices at these customers.
pub fn serials_of_all(
    conn: &mut Conn,
    customers: &[CustomerId],
) -> Result<Vec<(CustomerId, String)>, DbError> {
    let rows = table::table.filter(table::customer_id.eq_any(customers.to_vec()));
    Ok(rows
        .order((table::installed_at, table::serial_number))
        .select((table::customer_id, table::serial_number))
        .load(conn)?)
}

/// Removes a device that is no longer at the customer; returns at which one it was.
pub fn delete(conn: &mut Conn, serial: &str) -> Result<Option<CustomerId>, DbError> {
    let row = table::table.filter(table::serial_number.eq(serial));
    let customer = row.select(table::customer_id).first(conn).optional()?;
    diesel::delete(row).execute(conn)?;
    Ok(customer)
}

/// Removes what earlier completions of a job recorded.
pub fn delete_of_job(conn: &mut Conn, job: JobId) -> Result<(), DbError> {
    diesel::delete(table::table.filter(table::job_id.eq(job))).execute(conn)?;
    Ok(())
}
