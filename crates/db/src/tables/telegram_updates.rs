//! Inbox of Telegram updates: stored before they are acknowledged, processed once.

use chrono::NaiveDateTime;
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text, Timestamp};
use shared::ChatId;

use super::expiry::ExpiredRows;
use crate::conn::Conn;
use crate::error::DbError;
use crate::schema::telegram_updates as table;

/// One update that waits to be processed.
#[derive(Debug, Clone, Queryable)]
pub struct TelegramUpdateRow {
    pub update_id: i64,
    pub chat_id: ChatId,
    /// JSON as Telegram sent it.
    pub payload: String,
    /// How often it was claimed.
    pub attempts: i32,
}

/// Stores an update; false if it was stored before.
pub fn insert(
    conn: &mut Conn,
    update_id: i64,
    chat: ChatId,
    payload: &str,
    now: NaiveDateTime,
) -> Result<bool, DbError> {
    let inserted = diesel::sql_query(
        "INSERT INTO telegram_updates (update_id, chat_id, payload, received_at)
         VALUES ($1, $2, $3, $4) ON CONFLICT (update_id) DO NOTHING",
    )
    .bind::<BigInt, _>(update_id)
    .bind::<BigInt, _>(chat)
    .bind::<Text, _>(payload)
    .bind::<Timestamp, _>(now)
    .execute(conn)?;
    Ok(inserted == 1)
}

/// Claims up to `limit` updates until `lease_until`: the oldest one of each chat, and none while another
/// update of the chat is being processed, so that the updates of a chat are processed in order.
pub fn claim(
    conn: &mut Conn,
    now: NaiveDateTime,
    lease_until: NaiveDateTime,
    limit: i64,
) -> Result<Vec<TelegramUpdateRow>, DbError> {
    let earlier = diesel::alias!(crate::schema::telegram_updates as earlier);
    let before_it = earlier
        .filter(earlier.field(table::chat_id).eq(table::chat_id))
        .filter(earlier.field(table::update_id).lt(table::update_id))
        .filter(earlier.field(table::handled_at).is_null());
    let free = table::lease_until.is_null().or(table::lease_until.le(now));
    let ids: Vec<i64> = table::table
        .filter(table::handled_at.is_null())
        .filter(free)
        .filter(not(exists(before_it)))
        .order(table::update_id)
        .limit(limit)
        .select(table::update_id)
        .load(conn)?;
    let still = table::table
        .filter(table::update_id.eq_any(ids))
        .filter(table::handled_at.is_null())
        .filter(table::lease_until.is_null().or(table::lease_until.le(now)));
    Ok(diesel::update(still)
        .set((table::lease_until.eq(lease_until), table::attempts.eq(table::attempts + 1)))
        .returning((table::update_id, table::chat_id, table::payload, table::attempts))
        .load(conn)?)
}

/// Marks an update as handled; false if it was marked before.
pub fn mark_handled(conn: &mut Conn, update_id: i64, now: NaiveDateTime) -> Result<bool, DbError> {
    let row = table::table.filter(table::update_id.eq(update_id).and(table::handled_at.is_null()));
    let changed = diesel::update(row)
        .set((
            table::handled_at.eq(now),
            table::payload.eq(""),
            table::lease_until.eq(None::<NaiveDateTime>),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}

/// Releases all claims.
pub fn release_all(conn: &mut Conn) -> Result<usize, DbError> {
    let taken =
        table::table.filter(table::handled_at.is_null().and(table::lease_until.is_not_null()));
    Ok(diesel::update(taken).set(table::lease_until.eq(None::<NaiveDateTime>)).execute(conn)?)
}

/// Extends the claim on an unhandled update.
pub fn extend_lease(conn: &mut Conn, update_id: i64, until: NaiveDateTime) -> Result<(), DbError> {
    let row = table::table.filter(table::update_id.eq(update_id).and(table::handled_at.is_null()));
    diesel::update(row).set(table::lease_until.eq(until)).execute(conn)?;
    Ok(())
}

/// Counts the unhandled updates.
pub fn count_waiting(conn: &mut Conn) -> Result<i64, DbError> {
    Ok(table::table.filter(table::handled_at.is_null()).count().get_result(conn)?)
}

/// Deletes updates that were handled before `time`, a batch at a time. Telegram repeats none that is
/// older than a day.
pub fn delete_before(conn: &mut Conn, time: NaiveDateTime) -> Result<usize, DbError> {
    ExpiredRows { table: "telegram_updates", key: "update_id", since: "handled_at" }
        .delete_batch(conn, time)
}

/// Releases claims that expire after `latest`: they were made while the clock was ahead.
pub fn release_beyond(conn: &mut Conn, latest: NaiveDateTime) -> Result<usize, DbError> {
    let taken = table::table.filter(table::handled_at.is_null().and(table::lease_until.gt(latest)));
    Ok(diesel::update(taken).set(table::lease_until.eq(None::<NaiveDateTime>)).execute(conn)?)
}
