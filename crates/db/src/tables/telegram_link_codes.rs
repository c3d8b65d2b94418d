//! One-time codes that link a user to a Telegram chat.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use shared::UserId;

use crate::conn::Conn;
use crate::error::DbError;
use crate::schema::telegram_link_codes as table;

/// Stores a user's code, replacing an earlier one.
pub fn replace(
    conn: &mut Conn,
    user: UserId,
    code_hash: &str,
    expires_at: NaiveDateTime,
) -> Result<(), DbError> {
    diesel::delete(table::table.find(user)).execute(conn)?;
    let row =
        (table::user_id.eq(user), table::code_hash.eq(code_hash), table::expires_at.eq(expires_at));
    diesel::insert_into(table::table).values(row).execute(conn)?;
    Ok(())
}

/// Deletes a user's code.
pub fn delete(conn: &mut Conn, user: UserId) -> Result<(), DbError> {
    diesel::delete(table::table.find(user)).execute(conn)?;
    Ok(())
}

/// Consumes a code; returns its user if the code was still valid.
pub fn consume(
    conn: &mut Conn,
    code_hash: &str,
    now: NaiveDateTime,
) -> Result<Option<UserId>, DbError> {
    let row = table::table.filter(table::code_hash.eq(code_hash).and(table::expires_at.ge(now)));
    Ok(diesel::delete(row).returning(table::user_id).get_result(conn).optional()?)
}
