//! TOTP secrets of users.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Timestamp};
use shared::UserId;

use crate::conn::Conn;
use crate::error::DbError;
use crate::schema::second_factors as table;

/// A row of the table.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = table)]
pub struct SecondFactorRow {
    /// Encrypted.
    pub secret: Vec<u8>,
    pub confirmed_at: Option<NaiveDateTime>,
    /// The newest 30-second step whose code was accepted.
    pub last_step: i64,
}

/// A user's second factor, confirmed or not.
pub fn find(conn: &mut Conn, user: UserId) -> Result<Option<SecondFactorRow>, DbError> {
    Ok(table::table.find(user).select(SecondFactorRow::as_select()).first(conn).optional()?)
}

/// Stores an unconfirmed secret, replacing an earlier one; false if there is a confirmed one.
pub fn store_unconfirmed(
    conn: &mut Conn,
    user: UserId,
    secret: &[u8],
    now: NaiveDateTime,
) -> Result<bool, DbError> {
    let stored = diesel::sql_query(
        "INSERT INTO second_factors (user_id, secret, created_at) VALUES ($1, $2, $3)
         ON CONFLICT (user_id) DO UPDATE
         SET secret = excluded.secret, created_at = excluded.created_at, last_step = 0
         WHERE second_factors.confirmed_at IS NULL",
    )
    .bind::<BigInt, _>(user)
    .bind::<Binary, _>(secret)
    .bind::<Timestamp, _>(now)
    .execute(conn)?;
    Ok(stored == 1)
}

/// Confirms a secret; false if another request did so first.
pub fn confirm(conn: &mut Conn, user: UserId, now: NaiveDateTime) -> Result<bool, DbError> {
    let row = table::table.filter(table::user_id.eq(user).and(table::confirmed_at.is_null()));
    Ok(diesel::update(row).set(table::confirmed_at.eq(now)).execute(conn)? == 1)
}

/// Marks the code of a time step as used; false if it or a later one was used before.
pub fn use_step(conn: &mut Conn, user: UserId, step: i64) -> Result<bool, DbError> {
    let row = table::table.filter(table::user_id.eq(user).and(table::last_step.lt(step)));
    Ok(diesel::update(row).set(table::last_step.eq(step)).execute(conn)? == 1)
}

/// Deletes a user's second factor.
pub fn delete(conn: &mut Conn, user: UserId) -> Result<(), DbError> {
    diesel::delete(table::table.find(user)).execute(conn)?;
    Ok(())
}

/// Resets time steps after `newest`: they were used while the clock was ahead.
pub fn reset_steps_after(conn: &mut Conn, newest: i64) -> Result<usize, DbError> {
    let ahead = table::table.filter(table::last_step.gt(newest));
    Ok(diesel::update(ahead).set(table::last_step.eq(newest)).execute(conn)?)
}
