//! Failed attempts to sign in, counted.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{Integer, Text, Timestamp};

use super::sweep::Old;
use crate::conn::Conn;
use crate::error::DbError;
use crate::schema::login_throttles as table;

/// A row of the table without its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, QueryableByName)]
pub struct Count {
    #[diesel(sql_type = Integer)]
    pub failures: i32,
    #[diesel(sql_type = Timestamp)]
    pub counted_at: NaiveDateTime,
    #[diesel(sql_type = Timestamp)]
    pub blocked_until: NaiveDateTime,
}

/// The count behind a key, from nothing where there is none. The row stays locked until the
/// transaction ends, so that attempts at the same moment are counted one after the other.
pub fn lock(conn: &mut Conn, key: &str, now: NaiveDateTime) -> Result<Count, DbError> {
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

/// Stores the count of a locked row.
pub fn set(conn: &mut Conn, key: &str, count: Count) -> Result<(), DbError> {
    diesel::update(table::table.find(key))
        .set((
            table::failures.eq(count.failures),
            table::counted_at.eq(count.counted_at),
            table::blocked_until.eq(count.blocked_until),
        ))
        .execute(conn)?;
    Ok(())
}

/// Forgets one count.
pub fn delete(conn: &mut Conn, key: &str) -> Result<(), DbError> {
    diesel::delete(table::table.find(key)).execute(conn)?;
    Ok(())
}

/// Forgets counts that nothing was added to since `time`. At most [`super::sweep::AT_ONCE`].
pub fn forget_before(conn: &mut Conn, time: NaiveDateTime) -> Result<usize, DbError> {
    Old { table: "login_throttles", key: "key", since: "counted_at" }.delete_some(conn, time)
}

/// Ends waits that go beyond `latest`: they began while the clock was ahead.
pub fn unblock_beyond(
    conn: &mut Conn,
    latest: NaiveDateTime,
    now: NaiveDateTime,
) -> Result<usize, DbError> {
    let blocked = table::table.filter(table::blocked_until.gt(latest));
    let now = (table::blocked_until.eq(now), table::counted_at.eq(now));
    Ok(diesel::update(blocked).set(now).execute(conn)?)
}
