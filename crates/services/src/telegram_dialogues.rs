//! States of conversations with the bot, kept in the database so that a restart changes nothing.
//!
//! The state is JSON that only the bot reads.

use chrono::{DateTime, Utc};
use db::tables::telegram_dialogues as table;
use db::{Conn, Tx};
use shared::ChatId;

use crate::error::Result;

/// Loads the state of a chat; `None` if no conversation is going on.
pub fn load(conn: &mut Conn, chat: ChatId) -> Result<Option<String>> {
    Ok(table::load(conn, chat)?)
}

/// Stores the state of a chat.
pub fn save(tx: &mut Tx<'_>, chat: ChatId, state: &str) -> Result<()> {
    let now = tx.now().naive_utc();
    Ok(table::save(tx.conn(), chat, state, now)?)
}

/// Deletes the state of a chat.
pub fn delete(tx: &mut Tx<'_>, chat: ChatId) -> Result<()> {
    Ok(table::delete(tx.conn(), chat)?)
}

/// Deletes the state of a chat unless it has changed; tells whether it was deleted.
pub fn delete_if_unchanged(tx: &mut Tx<'_>, chat: ChatId, state: &str) -> Result<bool> {
    Ok(table::delete_if_unchanged(tx.conn(), chat, state)?)
}

/// Returns up to `limit` states that have not changed since `time`, of chats behind `after`, in the
/// order of the chats.
pub fn unchanged_since(
    conn: &mut Conn,
    time: DateTime<Utc>,
    after: ChatId,
    limit: i64,
) -> Result<Vec<(ChatId, String)>> {
    Ok(table::unchanged_since(conn, time.naive_utc(), after, limit)?)
}
