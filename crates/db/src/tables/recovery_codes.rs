//! Single-use recovery codes that replace the second factor.

use diesel::prelude::*;
use shared::UserId;

use crate::conn::Conn;
use crate::error::DbError;
use crate::schema::recovery_codes as table;

/// The hashes of a user's unused codes.
pub fn hashes(conn: &mut Conn, user: UserId) -> Result<Vec<String>, DbError> {
    Ok(table::table.filter(table::user_id.eq(user)).select(table::code_hash).load(conn)?)
}

/// Counts a user's unused codes.
pub fn count(conn: &mut Conn, user: UserId) -> Result<i64, DbError> {
    Ok(table::table.filter(table::user_id.eq(user)).count().get_result(conn)?)
}

/// Replaces all codes of a user.
pub fn replace(conn: &mut Conn, user: UserId, hashes: &[String]) -> Result<(), DbError> {
    diesel::delete(table::table.filter(table::user_id.eq(user))).execute(conn)?;
    for hash in hashes {
        let row = (table::user_id.eq(user), table::code_hash.eq(hash));
        diesel::insert_into(table::table).values(row).execute(conn)?;
    }
    Ok(())
}

/// Consumes a code; false if another request did so first.
pub fn consume(conn: &mut Conn, user: UserId, hash: &str) -> Result<bool, DbError> {
    Ok(diesel::delete(table::table.find((user, hash))).execute(conn)? == 1)
}
