//! Counters of failed sign-ins.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{Integer, Text, Timestamp};

use crate::conn::Conn;
use crate::error::DbError;
use crate::schema::login_throttles as table;

/// A row of the table without its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, QueryableByName, Queryable, Selectable)]
#[diesel(table_name = table)]
pub struct FailureCount {
    #[diesel(sql_type = Integer)]
    pub failures: i32,
    #[diesel(sql_type = Timestamp)]
    pub counted_at: NaiveDateTime,
    #[diesel(sql_type = Timestamp)]
    pub blocked_until: NaiveDateTime,
}

/// The counter of a key, without locking it.
pub fn find(conn: &mut Conn, key: &str) -> Result<Option<FailureCount>, DbError> {
    Ok(table::table.find(key).select(FailureCount::as_select()).first(conn).optional()?)
}

/// Locks the counter of a key until the transaction ends, creating it if needed, so that concurrent
/// attempts are counted one after the other.
pub fn lock(conn: &mut Conn, key: &str, now: NaiveDateTime) -> Result<FailureCount, DbError> {
    let statement = diesel::sql_query(
        "INSERT INTO login_throttles (key, failures, counted_at, blocked_until) VALUES ($1, 0, $2, $3)
         ON CONFLICT (key) DO UPDATE SET failures = login_throttles.failures
         RETURNING failures, counted_at, blocked_until",
    )
    .bind::<Text, _>(key)
    .bind::<Timestamp, _>(now)
    .bind::<Timestamp, _>(now);
    Ok(statement.get_result(conn)?)
}

/// Stores a locked counter.
pub fn set(conn: &mut Conn, key: &str, count: FailureCount) -> Result<(), DbError> {
    diesel::update(table::table.find(key))
        .set((
            table::failures.eq(count.failures),
            table::counted_at.eq(count.counted_at),
            table::blocked_until.eq(count.blocked_until),
        ))
        .execute(conn)?;
    Ok(())
}

/// Deletes a counter.
pub fn delete(conn: &mut Conn, key: &str) -> Result<(), DbError> {
    diesel::delete(table::table.find(key)).execute(conn)?;
    Ok(())
}

/// Deletes counters unchanged since `time`, and those of a single failure unchanged since `soon`; at
/// most `most` of them.
pub fn delete_before(
    conn: &mut Conn,
    time: NaiveDateTime,
    soon: NaiveDateTime,
    most: i64,
) -> Result<usize, DbError> {
    let single = table::failures.le(1).and(table::counted_at.lt(soon));
    let old: Vec<String> = table::table
        .filter(table::counted_at.lt(time).or(single))
        .select(table::key)
        .limit(most)
        .load(conn)?;
    Ok(diesel::delete(table::table.filter(table::key.eq_any(old))).execute(conn)?)
}
