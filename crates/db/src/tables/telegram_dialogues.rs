//! Dialogue state of each chat with the bot.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text, Timestamp};
use shared::ChatId;

use crate::conn::Conn;
use crate::error::DbError;
use crate::schema::telegram_dialogues as table;

/// The state of a chat, as JSON.
pub fn load(conn: &mut Conn, chat: ChatId) -> Result<Option<String>, DbError> {
    Ok(table::table.find(chat).select(table::state).first(conn).optional()?)
}

/// Stores the state of a chat.
pub fn save(conn: &mut Conn, chat: ChatId, state: &str, now: NaiveDateTime) -> Result<(), DbError> {
    diesel::sql_query(
        "INSERT INTO telegram_dialogues (chat_id, state, updated_at) VALUES ($1, $2, $3)
         ON CONFLICT (chat_id)
         DO UPDATE SET state = excluded.state, updated_at = excluded.updated_at",
    )
    .bind::<BigInt, _>(chat)
    .bind::<Text, _>(state)
    .bind::<Timestamp, _>(now)
    .execute(conn)?;
    Ok(())
}

/// Deletes the state of a chat.
pub fn delete(conn: &mut Conn, chat: ChatId) -> Result<(), DbError> {
    diesel::delete(table::table.find(chat)).execute(conn)?;
    Ok(())
}

/// States unchanged since `time`, of the chats after `after`, ordered by chat; at most `limit`.
pub fn unchanged_since(
    conn: &mut Conn,
    time: NaiveDateTime,
    after: ChatId,
    limit: i64,
) -> Result<Vec<(ChatId, String)>, DbError> {
    Ok(table::table
        .filter(table::updated_at.lt(time).and(table::chat_id.gt(after)))
        .order(table::chat_id)
        .limit(limit)
        .select((table::chat_id, table::state))
        .load(conn)?)
}

/// Deletes the state of a chat unless it was changed; false if it was.
pub fn delete_if_unchanged(conn: &mut Conn, chat: ChatId, state: &str) -> Result<bool, DbError> {
    let same = table::table.filter(table::chat_id.eq(chat).and(table::state.eq(state)));
    Ok(diesel::delete(same).execute(conn)? == 1)
}
