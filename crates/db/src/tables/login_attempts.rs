//! Sign-in attempts for existing users.

use chrono::NaiveDateTime;
use diesel::dsl::{exists, select};
use diesel::prelude::*;
use shared::session::LoginOutcome;
use shared::{LoginAttemptId, UserId};

use super::expiry::ExpiredRows;
use crate::conn::Conn;
use crate::cursor::Cursor;
use crate::error::DbError;
use crate::schema::login_attempts as table;

/// A row of the table.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = table)]
pub struct LoginAttemptRow {
    pub id: LoginAttemptId,
    pub at: NaiveDateTime,
    pub ip: String,
    pub user_agent: String,
    pub outcome: LoginOutcome,
}

impl From<LoginAttemptRow> for shared::session::LoginAttempt {
    fn from(row: LoginAttemptRow) -> Self {
        let LoginAttemptRow { id, at, ip, user_agent, outcome } = row;
        Self { id, at: at.and_utc(), ip, user_agent, outcome }
    }
}

/// A new row.
#[derive(Insertable)]
#[diesel(table_name = table)]
pub struct NewLoginAttempt<'a> {
    pub user_id: UserId,
    pub at: NaiveDateTime,
    pub ip: &'a str,
    /// The IPv4 address, or the network of an IPv6 address.
    pub network: &'a str,
    pub user_agent: &'a str,
    pub outcome: LoginOutcome,
}

/// Records an attempt.
pub fn insert(conn: &mut Conn, row: &NewLoginAttempt<'_>) -> Result<LoginAttemptId, DbError> {
    Ok(diesel::insert_into(table::table).values(row).returning(table::id).get_result(conn)?)
}

/// Updates the outcome of an attempt.
pub fn set_outcome(
    conn: &mut Conn,
    id: LoginAttemptId,
    outcome: LoginOutcome,
) -> Result<(), DbError> {
    diesel::update(table::table.find(id)).set(table::outcome.eq(outcome)).execute(conn)?;
    Ok(())
}

/// Whether the user has signed in from this network before.
pub fn has_success_from(conn: &mut Conn, user: UserId, network: &str) -> Result<bool, DbError> {
    let here = table::table
        .filter(table::user_id.eq(user).and(table::network.eq(network)))
        .filter(table::outcome.eq(LoginOutcome::Success));
    Ok(select(exists(here)).get_result(conn)?)
}

/// Whether the user's newest attempt has this outcome and was made at or after `since`.
pub fn newest_is(
    conn: &mut Conn,
    user: UserId,
    outcome: LoginOutcome,
    since: NaiveDateTime,
) -> Result<bool, DbError> {
    let newest: Option<(LoginOutcome, NaiveDateTime)> = table::table
        .filter(table::user_id.eq(user))
        .order(table::id.desc())
        .select((table::outcome, table::at))
        .first(conn)
        .optional()?;
    Ok(newest.is_some_and(|(of, at)| of == outcome && at >= since))
}

/// Attempts of a user, newest first, after `cursor`.
pub fn list(
    conn: &mut Conn,
    user: UserId,
    cursor: Option<&Cursor>,
    limit: i64,
) -> Result<Vec<LoginAttemptRow>, DbError> {
    let mut query = table::table
        .filter(table::user_id.eq(user))
        .select(LoginAttemptRow::as_select())
        .into_boxed();
    if let Some(cursor) = cursor {
        query = query.filter(table::id.lt(LoginAttemptId(cursor.id)));
    }
    Ok(query.order(table::id.desc()).limit(limit).load(conn)?)
}

/// Counts the stored attempts of a user.
pub fn count(conn: &mut Conn, user: UserId) -> Result<i64, DbError> {
    Ok(table::table.filter(table::user_id.eq(user)).count().get_result(conn)?)
}

/// Deletes attempts before `time`, at most [`super::expiry::BATCH_SIZE`].
pub fn delete_before(conn: &mut Conn, time: NaiveDateTime) -> Result<usize, DbError> {
    ExpiredRows { table: "login_attempts", key: "id", since: "at" }.delete_batch(conn, time)
}
