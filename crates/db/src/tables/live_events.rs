//! Live events that were committed, for replay after a reconnect.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use shared::live::{LiveEvent, LiveMessage};

use super::expiry::ExpiredRows;
use crate::conn::Conn;
use crate::error::DbError;
use crate::prepared::Prepared;
use crate::schema::live_events as table;

/// Any number that no other program uses as its advisory lock.
const ORDER_LOCK: i64 = 0x4953_504c_4956;

/// Writes an event; its number is the next one.
pub fn insert(conn: &mut Conn, event: &LiveEvent, now: DateTime<Utc>) -> Result<i64, DbError> {
    let text = serde_json::to_string(event).map_err(|error| DbError::Corrupt(error.to_string()))?;
    let row = (table::event.eq(text), table::at.eq(now.naive_utc()));
    let statement = diesel::insert_into(table::table).values(row).returning(table::seq);
    Ok(Prepared(statement).get_result(conn)?)
}

/// PostgreSQL only: numbers are drawn in the order of the commits, so that nobody who has read up
/// to a number can miss a smaller one that is committed later; and every instance is woken.
pub fn lock_order_and_notify(conn: &mut Conn) -> Result<(), DbError> {
    let sql = format!("SELECT pg_advisory_xact_lock({ORDER_LOCK}); NOTIFY live_events");
    Ok(conn.batch_execute(&sql)?)
}

/// The number of the newest event; 0 when there is none.
pub fn newest(conn: &mut Conn) -> Result<i64, DbError> {
    let newest: Option<i64> = table::table.select(diesel::dsl::max(table::seq)).first(conn)?;
    Ok(newest.unwrap_or(0))
}

/// The number of the oldest event that is still kept.
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

/// Forgets events before `time`. At most [`super::sweep::AT_ONCE`].
pub fn delete_before(conn: &mut Conn, time: DateTime<Utc>) -> Result<usize, DbError> {
    ExpiredRows { table: "live_events", key: "seq", since: "at" }
        .delete_batch(conn, time.naive_utc())
}
