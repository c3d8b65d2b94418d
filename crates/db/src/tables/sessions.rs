//! Signed-in devices: each row is one family of refresh tokens.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use shared::{SessionId, UserId};

use crate::conn::Conn;
use crate::error::DbError;
use crate::schema::sessions as table;

/// A row of the table.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = table)]
pub struct SessionRow {
    pub id: SessionId,
    pub user_id: UserId,
    /// SHA-256 of the newest token's secret, in hex.
    pub token_hash: String,
    pub expires_at: NaiveDateTime,
    pub revoked_at: Option<NaiveDateTime>,
}

/// A new row.
#[derive(Insertable)]
#[diesel(table_name = table)]
pub struct NewSession<'a> {
    pub user_id: UserId,
    pub token_hash: &'a str,
    pub created_at: NaiveDateTime,
    pub last_used_at: NaiveDateTime,
    pub expires_at: NaiveDateTime,
    pub user_agent: &'a str,
    pub ip: &'a str,
}

/// Opens a session.
pub fn insert(conn: &mut Conn, session: &NewSession<'_>) -> Result<SessionId, DbError> {
    Ok(diesel::insert_into(table::table).values(session).returning(table::id).get_result(conn)?)
}

/// One session.
pub fn find(conn: &mut Conn, id: SessionId) -> Result<Option<SessionRow>, DbError> {
    Ok(table::table.find(id).select(SessionRow::as_select()).first(conn).optional()?)
}

/// Replaces the token `old_hash`; false if another request did so first.
pub fn rotate(
    conn: &mut Conn,
    id: SessionId,
    old_hash: &str,
    new_hash: &str,
    now: NaiveDateTime,
    expires_at: NaiveDateTime,
) -> Result<bool, DbError> {
    let row = table::table.filter(table::id.eq(id).and(table::token_hash.eq(old_hash)));
    let changed = diesel::update(row)
        .set((
            table::token_hash.eq(new_hash),
            table::previous_hash.eq(old_hash),
            table::last_used_at.eq(now),
            table::expires_at.eq(expires_at),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}

/// Ends one session.
pub fn revoke(conn: &mut Conn, id: SessionId, now: NaiveDateTime) -> Result<(), DbError> {
    let row = table::table.filter(table::id.eq(id).and(table::revoked_at.is_null()));
    diesel::update(row).set(table::revoked_at.eq(now)).execute(conn)?;
    Ok(())
}

/// Ends all sessions of a login.
pub fn revoke_all(conn: &mut Conn, user: UserId, now: NaiveDateTime) -> Result<(), DbError> {
    let rows = table::table.filter(table::user_id.eq(user).and(table::revoked_at.is_null()));
    diesel::update(rows).set(table::revoked_at.eq(now)).execute(conn)?;
    Ok(())
}

/// Forgets sessions that ended before `time`.
pub fn forget_before(conn: &mut Conn, time: NaiveDateTime) -> Result<usize, DbError> {
    Ok(diesel::delete(table::table.filter(table::expires_at.lt(time))).execute(conn)?)
}
