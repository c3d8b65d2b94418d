//! Leases: tasks that one server at a time may do.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{Text, Timestamp};

use crate::conn::Conn;
use crate::error::DbError;
use crate::schema::leases as table;

/// Acquires or renews a lease until `expires_at`; false while another holder has it.
pub fn acquire(
    conn: &mut Conn,
    name: &str,
    holder: &str,
    now: NaiveDateTime,
    expires_at: NaiveDateTime,
) -> Result<bool, DbError> {
    let taken = diesel::sql_query(
        "INSERT INTO leases (name, holder, expires_at) VALUES ($1, $2, $3)
         ON CONFLICT (name)
         DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at
         WHERE leases.holder = excluded.holder OR leases.expires_at <= $4",
    )
    .bind::<Text, _>(name)
    .bind::<Text, _>(holder)
    .bind::<Timestamp, _>(expires_at)
    .bind::<Timestamp, _>(now)
    .execute(conn)?;
    Ok(taken == 1)
}

/// The current or last holder of a lease.
pub fn holder(conn: &mut Conn, name: &str) -> Result<Option<String>, DbError> {
    let row = table::table.filter(table::name.eq(name));
    Ok(row.select(table::holder).first(conn).optional()?)
}

/// Releases a lease.
pub fn release(conn: &mut Conn, name: &str, holder: &str) -> Result<(), DbError> {
    let own = table::table.filter(table::name.eq(name).and(table::holder.eq(holder)));
    diesel::delete(own).execute(conn)?;
    Ok(())
}

/// Deletes leases that expire after `latest`: they were acquired while the clock was wrong.
pub fn delete_beyond(conn: &mut Conn, latest: NaiveDateTime) -> Result<usize, DbError> {
    Ok(diesel::delete(table::table.filter(table::expires_at.gt(latest))).execute(conn)?)
}

/// Whether somebody holds a lease.
pub fn is_held(conn: &mut Conn, name: &str, now: NaiveDateTime) -> Result<bool, DbError> {
    let held = table::table.filter(table::name.eq(name).and(table::expires_at.gt(now)));
    Ok(diesel::select(diesel::dsl::exists(held)).get_result(conn)?)
}
