//! What only one of several servers may do at a time.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{Text, Timestamp};

use crate::conn::Conn;
use crate::error::DbError;
use crate::schema::leases as table;

/// Takes a lease, or keeps the own one, until `expires_at`; false while another holder has it.
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

/// Who has a lease, or had it last.
pub fn holder(conn: &mut Conn, name: &str) -> Result<Option<String>, DbError> {
    let row = table::table.filter(table::name.eq(name));
    Ok(row.select(table::holder).first(conn).optional()?)
}

/// Gives a lease back.
pub fn release(conn: &mut Conn, name: &str, holder: &str) -> Result<(), DbError> {
    let own = table::table.filter(table::name.eq(name).and(table::holder.eq(holder)));
    diesel::delete(own).execute(conn)?;
    Ok(())
}

/// Ends leases that go beyond `latest`: they were taken while the clock was ahead.
pub fn delete_beyond(conn: &mut Conn, latest: NaiveDateTime) -> Result<usize, DbError> {
    Ok(diesel::delete(table::table.filter(table::expires_at.gt(latest))).execute(conn)?)
}
