//! Logins.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use shared::{Role, TechnicianId, UserId};

use crate::conn::Conn;
use crate::cursor::Cursor;
use crate::error::DbError;
use crate::schema::{technicians, users as table};

/// A row of the table, with the technician that the login belongs to.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = table)]
pub struct UserRow {
    pub id: UserId,
    pub username: String,
    pub name: String,
    pub role: Role,
    pub active: bool,
    pub password_hash: String,
    pub must_change_password: bool,
    pub token_epoch: i64,
    pub last_login_at: Option<NaiveDateTime>,
    pub second_factor: bool,
    pub version: i64,
}

/// A login and its technician: id and whether active.
pub type WithTechnician = (UserRow, Option<(TechnicianId, bool)>);

macro_rules! with_technician {
    () => {
        table::table
            .left_join(technicians::table)
            .select((UserRow::as_select(), (technicians::id, technicians::active).nullable()))
    };
}

/// A new row.
#[derive(Insertable)]
#[diesel(table_name = table)]
pub struct NewUserRow<'a> {
    pub username: &'a str,
    pub name: &'a str,
    pub role: Role,
    pub active: bool,
    pub password_hash: &'a str,
    pub must_change_password: bool,
    pub created_at: NaiveDateTime,
    pub updated_at: NaiveDateTime,
}

/// One login.
pub fn find(conn: &mut Conn, id: UserId) -> Result<Option<WithTechnician>, DbError> {
    Ok(with_technician!().filter(table::id.eq(id)).first(conn).optional()?)
}

/// The login with this user name (lower case).
pub fn find_by_username(
    conn: &mut Conn,
    username: &str,
) -> Result<Option<WithTechnician>, DbError> {
    Ok(with_technician!().filter(table::username.eq(username)).first(conn).optional()?)
}

/// Logins by user name, after `cursor`.
pub fn list(
    conn: &mut Conn,
    cursor: Option<&Cursor>,
    limit: i64,
) -> Result<Vec<WithTechnician>, DbError> {
    let mut query = with_technician!().into_boxed();
    if let Some(cursor) = cursor {
        query = query.filter(table::username.gt(cursor.as_text().to_owned()));
    }
    Ok(query.order(table::username).limit(limit).load(conn)?)
}

/// How many logins there are.
pub fn count(conn: &mut Conn) -> Result<i64, DbError> {
    Ok(table::table.count().get_result(conn)?)
}

/// Adds a login.
pub fn insert(conn: &mut Conn, user: &NewUserRow<'_>) -> Result<UserId, DbError> {
    Ok(diesel::insert_into(table::table).values(user).returning(table::id).get_result(conn)?)
}

/// Sets a new password; older access tokens end.
pub fn set_password(
    conn: &mut Conn,
    id: UserId,
    hash: &str,
    must_change: bool,
    now: NaiveDateTime,
) -> Result<(), DbError> {
    diesel::update(table::table.find(id))
        .set((
            table::password_hash.eq(hash),
            table::must_change_password.eq(must_change),
            table::token_epoch.eq(table::token_epoch + 1),
            table::version.eq(table::version + 1),
            table::updated_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

/// Sets the name and whether the login works; older access tokens end when it is switched off.
pub fn set_name_and_active(
    conn: &mut Conn,
    id: UserId,
    name: &str,
    active: bool,
    now: NaiveDateTime,
) -> Result<(), DbError> {
    diesel::update(table::table.find(id))
        .set((
            table::name.eq(name),
            table::active.eq(active),
            table::version.eq(table::version + 1),
            table::updated_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

/// Notes whether a login has a second factor.
pub fn set_second_factor(
    conn: &mut Conn,
    id: UserId,
    on: bool,
    now: NaiveDateTime,
) -> Result<(), DbError> {
    diesel::update(table::table.find(id))
        .set((
            table::second_factor.eq(on),
            table::version.eq(table::version + 1),
            table::updated_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

/// Active logins of these roles that have no second factor.
pub fn without_second_factor(conn: &mut Conn, roles: &[Role]) -> Result<Vec<UserId>, DbError> {
    Ok(table::table
        .filter(table::active.eq(true).and(table::second_factor.eq(false)))
        .filter(table::role.eq_any(roles))
        .select(table::id)
        .load(conn)?)
}

/// Ends all access tokens of a login.
pub fn end_tokens(conn: &mut Conn, id: UserId) -> Result<(), DbError> {
    diesel::update(table::table.find(id))
        .set(table::token_epoch.eq(table::token_epoch + 1))
        .execute(conn)?;
    Ok(())
}

/// Notes a successful login.
pub fn touch_login(conn: &mut Conn, id: UserId, now: NaiveDateTime) -> Result<(), DbError> {
    diesel::update(table::table.find(id)).set(table::last_login_at.eq(now)).execute(conn)?;
    Ok(())
}
