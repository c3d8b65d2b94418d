//! Stored responses of requests with an `Idempotency-Key`.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::expiry::ExpiredRows;
use crate::conn::Conn;
use crate::error::{DbError, is_unique_violation};
use crate::schema::idempotency_keys as table;

/// A stored response.
#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = table)]
pub struct StoredResponse {
    pub caller: String,
    pub key: String,
    /// SHA-256 of method, path and body, in hex.
    pub request_hash: String,
    /// HTTP status.
    pub status: i16,
    pub body: String,
    pub created_at: NaiveDateTime,
}

/// The response that was stored for this caller and key.
pub fn find(conn: &mut Conn, caller: &str, key: &str) -> Result<Option<StoredResponse>, DbError> {
    Ok(table::table
        .filter(table::caller.eq(caller).and(table::key.eq(key)))
        .select(StoredResponse::as_select())
        .first(conn)
        .optional()?)
}

/// Stores an answer. A twin that got there first makes this transaction start again, and then
/// find the twin's answer.
pub fn insert(conn: &mut Conn, answer: &StoredResponse) -> Result<(), DbError> {
    match diesel::insert_into(table::table).values(answer).execute(conn) {
        Ok(_) => Ok(()),
        Err(error) if is_unique_violation(&error) => Err(DbError::Conflict),
        Err(error) => Err(error.into()),
    }
}

/// Deletes one response.
pub fn delete(conn: &mut Conn, caller: &str, key: &str) -> Result<(), DbError> {
    let row = table::table.filter(table::caller.eq(caller).and(table::key.eq(key)));
    diesel::delete(row).execute(conn)?;
    Ok(())
}

/// Deletes responses from before `time`, at most [`super::expiry::BATCH_SIZE`].
pub fn delete_before(conn: &mut Conn, time: NaiveDateTime) -> Result<usize, DbError> {
    ExpiredRows { table: "idempotency_keys", key: "caller, key", since: "created_at" }
        .delete_batch(conn, time)
}
