//! Messages that wait for their delivery.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{Text, Timestamp};
use shared::message::{Channel, MessageStatus};

use crate::cached::Cached;
use crate::conn::Conn;
use crate::error::DbError;

/// One message.
pub struct NewMessage<'a> {
    pub channel: Channel,
    pub recipient: &'a str,
    pub kind: &'a str,
    /// JSON.
    pub payload: &'a str,
    /// A second message with the same key is dropped.
    pub dedupe_key: &'a str,
    pub status: MessageStatus,
    pub created_at: NaiveDateTime,
}

/// Queues a message unless one with the same key was queued before.
pub fn insert(conn: &mut Conn, message: &NewMessage<'_>) -> Result<(), DbError> {
    let statement = diesel::sql_query(
        "INSERT INTO outbox
             (channel, recipient, kind, payload, dedupe_key, status, next_attempt_at, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
         ON CONFLICT (dedupe_key) DO NOTHING",
    )
    .bind::<Text, _>(message.channel)
    .bind::<Text, _>(message.recipient)
    .bind::<Text, _>(message.kind)
    .bind::<Text, _>(message.payload)
    .bind::<Text, _>(message.dedupe_key)
    .bind::<Text, _>(message.status)
    .bind::<Timestamp, _>(message.created_at);
    Cached(statement).execute(conn)?;
    Ok(())
}

/// Drops every message.
pub fn clear(conn: &mut Conn) -> Result<(), DbError> {
    diesel::delete(crate::schema::outbox::table).execute(conn)?;
    Ok(())
}
