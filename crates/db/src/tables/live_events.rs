//! Committed live events, for replay after a reconnect.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use shared::live::{LiveEvent, LiveMessage};

use super::expiry::ExpiredRows;
use crate::conn::Conn;
use crate::error::DbError;
use crate::prepared::Prepared;
use crate::schema::live_events as table;

/// Advisory lock id; any number that nothing else uses.
const ORDER_LOCK: i64 = 0x4953_504c_4956;

/// Stores an event and returns its sequence number.
pub fn insert(conn: &mut Conn, event: &LiveEvent, now: DateTime<Utc>) -> Result<i64, DbError> {
    let text = serde_json::to_string(event)
        .map_err(|error| DbError::Encode(format!("live event: {error}")))?;
    let row = (table::event.eq(text), table::at.eq(now.naive_utc()));
    let statement = diesel::insert_into(table::table).values(row).returning(table::seq);
    Ok(Prepared(statement).get_result(conn)?)
}

/// PostgreSQL only: makes sequence numbers follow commit order, so that a reader can not miss a smaller
/// number that commits later, and notifies every instance.
pub fn lock_order_and_notify(conn: &mut Conn) -> Result<(), DbError> {
    let sql = format!("SELECT pg_advisory_xact_lock({ORDER_LOCK}); NOTIFY live_events");
    Ok(conn.batch_execute(&sql)?)
}

/// The sequence number of the newest event; 0 if there is none.
pub fn newest(conn: &mut Conn) -> Result<i64, DbError> {
    let newest: Option<i64> = table::table.select(diesel::dsl::max(table::seq)).first(conn)?;
    Ok(newest.unwrap_or(0))
}

/// The sequence number of the oldest stored event.
pub fn oldest(conn: &mut Conn) -> Result<Option<i64>, DbError> {
    Ok(table::table.select(diesel::dsl::min(table::seq)).first(conn)?)
}

/// Events after `seq`, oldest first, at most `limit`.
pub fn after(conn: &mut Conn, seq: i64, limit: i64) -> Result<Vec<LiveMessage>, DbError> {
    let rows: Vec<(i64, String, NaiveDateTime)> =
        table::table.filter(table::seq.gt(seq)).order(table::seq).limit(limit).load(conn)?;
    rows.into_iter()
        .map(|(seq, event, at)| {
            let event = serde_json::from_str(&event)
                .map_err(|error| DbError::Corrupt(format!("live event {seq}: {error}")))?;
            Ok(LiveMessage { seq, at: at.and_utc(), event })
        })
        .collect()
}

/// Deletes events before `time`, at most [`super::expiry::BATCH_SIZE`].
pub fn delete_before(conn: &mut Conn, time: DateTime<Utc>) -> Result<usize, DbError> {
    ExpiredRows { table: "live_events", key: "seq", since: "at" }
        .delete_batch(conn, time.naive_utc())
}
