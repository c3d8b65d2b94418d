//! Stored responses of requests with an `Idempotency-Key`.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{SmallInt, Text, Timestamp};

use super::expiry::ExpiredRows;
use crate::conn::Conn;
use crate::error::DbError;
use crate::schema::idempotency_keys as table;

/// A stored response.
#[derive(Debug, Queryable, Selectable)]
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

/// Stores a response; false if a concurrent request with the same key has stored one.
pub fn insert(conn: &mut Conn, response: &StoredResponse) -> Result<bool, DbError> {
    let statement = diesel::sql_query(
        "INSERT INTO idempotency_keys (caller, key, request_hash, status, body, created_at)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (caller, key) DO NOTHING",
    )
    .bind::<Text, _>(&response.caller)
    .bind::<Text, _>(&response.key)
    .bind::<Text, _>(&response.request_hash)
    .bind::<SmallInt, _>(response.status)
    .bind::<Text, _>(&response.body)
    .bind::<Timestamp, _>(response.created_at);
    Ok(statement.execute(conn)? == 1)
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
