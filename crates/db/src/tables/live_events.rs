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

/// Rows per statement.
const BATCH: usize = 400;

/// Stores events in their order; returns them with their sequence numbers.
pub(crate) fn insert(
    conn: &mut Conn,
    events: Vec<(LiveEvent, DateTime<Utc>)>,
) -> Result<Vec<LiveMessage>, DbError> {
    let texts = events.iter().map(|(event, _)| {
        serde_json::to_string(event)
            .map_err(|error| DbError::Encode(format!("live event: {error}")))
    });
    let texts = texts.collect::<Result<Vec<String>, DbError>>()?;
    let row = |(text, (_, now)): (&String, &(LiveEvent, DateTime<Utc>))| {
        (table::event.eq(text.clone()), table::at.eq(now.naive_utc()))
    };
    let rows: Vec<_> = texts.iter().zip(&events).map(row).collect();
    let mut numbers: Vec<i64> = Vec::with_capacity(rows.len());
    match conn {
        Conn::Postgres(conn) if rows.len() > 1 => {
            for batch in rows.chunks(BATCH) {
                let insert = diesel::insert_into(table::table).values(batch);
                let made: Vec<i64> = insert.returning(table::seq).get_results(conn)?;
                numbers.extend(made);
            }
            // The sequence gives them out in the order of the rows.
            numbers.sort_unstable();
        }
        conn => {
            for row in rows {
                let insert = diesel::insert_into(table::table).values(row);
                numbers.push(Prepared(insert.returning(table::seq)).get_result(conn)?);
            }
        }
    }
    let message = |((event, at), seq)| LiveMessage { seq, at, event };
    Ok(events.into_iter().zip(numbers).map(message).collect())
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
