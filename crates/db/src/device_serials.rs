//! Serial numbers of the devices at customers, which the search finds customers and jobs by.

use diesel::prelude::*;
use shared::CustomerId;

use crate::conn::Conn;
use crate::error::DbError;
use crate::schema::installed_devices as table;

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
