//! Sessions: each row is a signed-in device with its family of refresh tokens.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use shared::{SessionId, TechnicianId, UserId};

use super::expiry::ExpiredRows;
use crate::conn::Conn;
use crate::error::DbError;
use crate::schema::{sessions as table, technicians, users};
use crate::tables::users::{UserRow, UserWithTechnician};

/// A row of the table, as far as tokens are concerned.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = table)]
pub struct SessionRow {
    pub id: SessionId,
    pub user_id: UserId,
    /// SHA-256 of the newest token's secret, in hex.
    pub token_hash: String,
    /// SHA-256 of the secret of the token before it, in hex.
    pub previous_hash: Option<String>,
    /// The family's secrets are derived from it; absent in old sessions until their next token.
    pub family_nonce: Option<String>,
    /// Number of tokens before the newest one.
    pub generation: i64,
    /// When the newest token replaced the one before it.
    pub rotated_at: Option<NaiveDateTime>,
    pub expires_at: NaiveDateTime,
    pub revoked_at: Option<NaiveDateTime>,
}

/// A session as shown to its owner.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = table)]
pub struct DeviceRow {
    pub id: SessionId,
    pub created_at: NaiveDateTime,
    pub last_used_at: NaiveDateTime,
    pub expires_at: NaiveDateTime,
    pub ip: String,
    pub user_agent: String,
}

/// A new row.
#[derive(Insertable)]
#[diesel(table_name = table)]
pub struct NewSession<'a> {
    pub user_id: UserId,
    pub token_hash: &'a str,
    pub family_nonce: &'a str,
    pub created_at: NaiveDateTime,
    pub last_used_at: NaiveDateTime,
    pub expires_at: NaiveDateTime,
    pub user_agent: &'a str,
    pub ip: &'a str,
}

/// The next token of a family.
pub struct NextRefreshToken<'a> {
    pub hash: &'a str,
    pub family_nonce: &'a str,
    pub generation: i64,
    pub expires_at: NaiveDateTime,
}

/// Adds a session.
pub fn insert(conn: &mut Conn, session: &NewSession<'_>) -> Result<SessionId, DbError> {
    Ok(diesel::insert_into(table::table).values(session).returning(table::id).get_result(conn)?)
}

/// One session.
pub fn find(conn: &mut Conn, id: SessionId) -> Result<Option<SessionRow>, DbError> {
    Ok(table::table.find(id).select(SessionRow::as_select()).first(conn).optional()?)
}

type Joined = (SessionRow, UserRow, Option<(TechnicianId, bool)>);

/// A session with its user, in one query.
pub fn find_with_user(
    conn: &mut Conn,
    id: SessionId,
) -> Result<Option<(SessionRow, UserWithTechnician)>, DbError> {
    let found: Option<Joined> = table::table
        .inner_join(users::table.left_join(technicians::table))
        .filter(table::id.eq(id))
        .select((
            SessionRow::as_select(),
            UserRow::as_select(),
            (technicians::id, technicians::active).nullable(),
        ))
        .first(conn)
        .optional()?;
    Ok(found.map(|(session, user, technician)| (session, (user, technician))))
}

/// Replaces the token `old_hash`; false if another request did so first.
pub fn rotate(
    conn: &mut Conn,
    id: SessionId,
    old_hash: &str,
    next: &NextRefreshToken<'_>,
    now: NaiveDateTime,
) -> Result<bool, DbError> {
    let row = table::table.filter(table::id.eq(id).and(table::token_hash.eq(old_hash)));
    let changed = diesel::update(row)
        .set((
            table::token_hash.eq(next.hash),
            table::previous_hash.eq(old_hash),
            table::family_nonce.eq(next.family_nonce),
            table::generation.eq(next.generation),
            table::rotated_at.eq(now),
            table::last_used_at.eq(now),
            table::expires_at.eq(next.expires_at),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}

/// The open sessions of a user, last used first.
pub fn open_for_user(
    conn: &mut Conn,
    user: UserId,
    now: NaiveDateTime,
    limit: i64,
) -> Result<Vec<DeviceRow>, DbError> {
    Ok(table::table
        .filter(table::user_id.eq(user))
        .filter(table::revoked_at.is_null().and(table::expires_at.gt(now)))
        .select(DeviceRow::as_select())
        .order((table::last_used_at.desc(), table::id.desc()))
        .limit(limit)
        .load(conn)?)
}

/// Revokes one open session of this user; false if there is none.
pub fn revoke_own(
    conn: &mut Conn,
    id: SessionId,
    user: UserId,
    now: NaiveDateTime,
) -> Result<bool, DbError> {
    let row = table::table
        .filter(table::id.eq(id).and(table::user_id.eq(user)))
        .filter(table::revoked_at.is_null().and(table::expires_at.gt(now)));
    Ok(diesel::update(row).set(table::revoked_at.eq(now)).execute(conn)? == 1)
}

/// Revokes all sessions of a user but one; returns the revoked ones.
pub fn revoke_others(
    conn: &mut Conn,
    user: UserId,
    kept: Option<SessionId>,
    now: NaiveDateTime,
) -> Result<Vec<SessionId>, DbError> {
    // No session has this id.
    let kept = kept.unwrap_or(SessionId(0));
    let rows = table::table
        .filter(table::user_id.eq(user).and(table::id.ne(kept)))
        .filter(table::revoked_at.is_null());
    Ok(diesel::update(rows)
        .set(table::revoked_at.eq(now))
        .returning(table::id)
        .get_results(conn)?)
}

/// Revokes one session.
pub fn revoke(conn: &mut Conn, id: SessionId, now: NaiveDateTime) -> Result<(), DbError> {
    let row = table::table.filter(table::id.eq(id).and(table::revoked_at.is_null()));
    diesel::update(row).set(table::revoked_at.eq(now)).execute(conn)?;
    Ok(())
}

/// Revokes all sessions of a user.
pub fn revoke_all(conn: &mut Conn, user: UserId, now: NaiveDateTime) -> Result<(), DbError> {
    let rows = table::table.filter(table::user_id.eq(user).and(table::revoked_at.is_null()));
    diesel::update(rows).set(table::revoked_at.eq(now)).execute(conn)?;
    Ok(())
}

/// Deletes sessions that ended before `time`, at most [`super::expiry::BATCH_SIZE`].
pub fn delete_before(conn: &mut Conn, time: NaiveDateTime) -> Result<usize, DbError> {
    ExpiredRows { table: "sessions", key: "id", since: "expires_at" }.delete_batch(conn, time)
}
