//! Devices that hang at customers, by serial number.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text, Timestamp};
use shared::{CustomerId, JobId};

use crate::conn::Conn;
use crate::error::DbError;
use crate::schema::{customers, installed_devices as table, jobs};

pub use crate::device_serials::serials_of;

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
