//! API keys.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use shared::{ApiKeyId, UserId};

use crate::conn::Conn;
use crate::cursor::Cursor;
use crate::error::DbError;
use crate::schema::{api_keys as table, users};
use crate::tables::users::UserRow;

/// A row of the table.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = table)]
pub struct ApiKeyRow {
    pub id: ApiKeyId,
    pub name: String,
    /// SHA-256 of the secret part, in hex.
    pub secret_hash: String,
    /// With commas between them.
    pub permissions: String,
    /// With commas between them.
    pub allowed_addresses: String,
    pub expires_at: Option<NaiveDateTime>,
    pub created_by: UserId,
    pub created_at: NaiveDateTime,
    pub last_used_at: Option<NaiveDateTime>,
    pub last_used_ip: Option<String>,
    pub revoked_at: Option<NaiveDateTime>,
}

/// A new row.
#[derive(Insertable)]
#[diesel(table_name = table)]
pub struct NewApiKeyRow<'a> {
    pub name: &'a str,
    pub secret_hash: &'a str,
    pub permissions: &'a str,
    pub allowed_addresses: &'a str,
    pub expires_at: Option<NaiveDateTime>,
    pub created_by: UserId,
    pub created_at: NaiveDateTime,
}

/// A key with the user who created it.
pub type ApiKeyWithCreator = (ApiKeyRow, UserRow);

macro_rules! with_creator {
    () => {
        table::table.inner_join(users::table).select((ApiKeyRow::as_select(), UserRow::as_select()))
    };
}

/// Keys, newest first, after `cursor`.
pub fn list(
    conn: &mut Conn,
    revoked: Option<bool>,
    cursor: Option<&Cursor>,
    limit: i64,
) -> Result<Vec<ApiKeyWithCreator>, DbError> {
    let mut query = with_creator!().into_boxed();
    match revoked {
        Some(true) => query = query.filter(table::revoked_at.is_not_null()),
        Some(false) => query = query.filter(table::revoked_at.is_null()),
        None => {}
    }
    if let Some(cursor) = cursor {
        query = query.filter(table::id.lt(ApiKeyId(cursor.id)));
    }
    Ok(query.order(table::id.desc()).limit(limit).load(conn)?)
}

/// How many keys there are.
pub fn count(conn: &mut Conn, revoked: Option<bool>) -> Result<i64, DbError> {
    let query = table::table.into_boxed();
    let query = match revoked {
        Some(true) => query.filter(table::revoked_at.is_not_null()),
        Some(false) => query.filter(table::revoked_at.is_null()),
        None => query,
    };
    Ok(query.count().get_result(conn)?)
}

/// One key.
pub fn find(conn: &mut Conn, id: ApiKeyId) -> Result<Option<ApiKeyWithCreator>, DbError> {
    Ok(with_creator!().filter(table::id.eq(id)).first(conn).optional()?)
}

/// Adds a key.
pub fn insert(conn: &mut Conn, key: &NewApiKeyRow<'_>) -> Result<ApiKeyId, DbError> {
    Ok(diesel::insert_into(table::table).values(key).returning(table::id).get_result(conn)?)
}

/// Revokes a key; false if it was revoked before.
pub fn revoke(conn: &mut Conn, id: ApiKeyId, now: NaiveDateTime) -> Result<bool, DbError> {
    let row = table::table.filter(table::id.eq(id).and(table::revoked_at.is_null()));
    Ok(diesel::update(row).set(table::revoked_at.eq(now)).execute(conn)? == 1)
}

/// Records the last use of a key.
pub fn set_last_used(
    conn: &mut Conn,
    id: ApiKeyId,
    ip: Option<&str>,
    now: NaiveDateTime,
) -> Result<(), DbError> {
    diesel::update(table::table.find(id))
        .set((table::last_used_at.eq(now), table::last_used_ip.eq(ip)))
        .execute(conn)?;
    Ok(())
}
