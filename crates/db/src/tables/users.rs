//! User accounts.

use chrono::NaiveDateTime;
use diesel::connection::SimpleConnection;
use diesel::dsl::LeftJoinQuerySource;
use diesel::prelude::*;
use shared::user::UserSort;
use shared::{Role, TechnicianId, UserId};

use crate::conn::Conn;
use crate::cursor::Cursor;
use crate::error::DbError;
use crate::schema::{technicians, users as table};
use crate::search::{self, Condition, Searchable};

/// Username of the account behind imports and demo data. Nobody can sign in with it, and no list shows
/// it.
pub const SYSTEM_USERNAME: &str = "system";

/// Advisory lock id; any number that nothing else uses.
const FIRST_USER_LOCK: i64 = 0x4953_5046_5354;

/// A row of the table.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = table)]
pub struct UserRow {
    pub id: UserId,
    pub username: String,
    pub name: String,
    pub role: Role,
    pub active: bool,
    /// Registered, and not yet approved.
    pub pending: bool,
    pub password_hash: String,
    pub must_change_password: bool,
    pub token_epoch: i64,
    /// Incremented to invalidate all known devices of the user.
    pub device_epoch: i64,
    pub last_login_at: Option<NaiveDateTime>,
    pub second_factor: bool,
    pub version: i64,
    pub created_at: NaiveDateTime,
}

/// A user and the technician, if there is one: id and whether active.
pub type UserWithTechnician = (UserRow, Option<(TechnicianId, bool)>);

type Joined = LeftJoinQuerySource<table::table, technicians::table>;

macro_rules! with_technician {
    () => {
        table::table
            .left_join(technicians::table)
            .select((UserRow::as_select(), (technicians::id, technicians::active).nullable()))
    };
}

/// A new user.
pub struct NewUserRow<'a> {
    pub username: &'a str,
    pub name: &'a str,
    pub role: Role,
    pub active: bool,
    pub pending: bool,
    pub password_hash: &'a str,
    pub must_change_password: bool,
}

/// Filter of the user list.
#[derive(Debug, Clone, Default)]
pub struct UserFilter {
    /// Words that all have to occur.
    pub words: Vec<String>,
    /// Any of these; all when empty.
    pub roles: Vec<Role>,
    pub active: Option<bool>,
    pub pending: Option<bool>,
}

/// Finds a user.
pub fn find(conn: &mut Conn, id: UserId) -> Result<Option<UserWithTechnician>, DbError> {
    Ok(with_technician!().filter(table::id.eq(id)).first(conn).optional()?)
}

/// Finds a user by username (lower case).
pub fn find_by_username(
    conn: &mut Conn,
    username: &str,
) -> Result<Option<UserWithTechnician>, DbError> {
    Ok(with_technician!().filter(table::username.eq(username)).first(conn).optional()?)
}

fn conditions(filter: &UserFilter) -> Vec<Condition<Joined>> {
    let mut all: Vec<Condition<Joined>> = search::contains_all(Searchable::Users, &filter.words);
    all.push(Box::new(table::username.ne(SYSTEM_USERNAME)));
    if !filter.roles.is_empty() {
        all.push(Box::new(table::role.eq_any(filter.roles.clone())));
    }
    if let Some(active) = filter.active {
        all.push(Box::new(table::active.eq(active)));
    }
    if let Some(pending) = filter.pending {
        all.push(Box::new(table::pending.eq(pending)));
    }
    all
}

/// Users in the given order, after `cursor`, without the system account.
pub fn list(
    conn: &mut Conn,
    filter: &UserFilter,
    sort: UserSort,
    cursor: Option<&Cursor>,
    limit: i64,
) -> Result<Vec<UserWithTechnician>, DbError> {
    let mut query = with_technician!().into_boxed();
    for condition in conditions(filter) {
        query = query.filter(condition);
    }
    if let Some(cursor) = cursor {
        query = query.filter(after(sort, cursor));
    }
    query = match sort {
        UserSort::Username => query.order(table::username.asc()),
        UserSort::UsernameDescending => query.order(table::username.desc()),
        UserSort::Name => query.order((table::name.asc(), table::id.asc())),
        UserSort::NameDescending => query.order((table::name.desc(), table::id.desc())),
        UserSort::OldestFirst => query.order((table::created_at.asc(), table::id.asc())),
        UserSort::NewestFirst => query.order((table::created_at.desc(), table::id.desc())),
    };
    Ok(query.limit(limit).load(conn)?)
}

/// Rows after the cursor.
fn after(sort: UserSort, cursor: &Cursor) -> Condition<Joined> {
    use table::{created_at, id as key, name, username};
    let id = UserId(cursor.id);
    let time = cursor.as_time().unwrap_or_default();
    let text = cursor.as_text().to_owned();
    match sort {
        UserSort::Username => Box::new(username.gt(text)),
        UserSort::UsernameDescending => Box::new(username.lt(text)),
        UserSort::Name => Box::new(name.ge(text.clone()).and(name.gt(text).or(key.gt(id)))),
        UserSort::NameDescending => {
            Box::new(name.le(text.clone()).and(name.lt(text).or(key.lt(id))))
        }
        UserSort::OldestFirst => {
            Box::new(created_at.ge(time).and(created_at.gt(time).or(key.gt(id))))
        }
        UserSort::NewestFirst => {
            Box::new(created_at.le(time).and(created_at.lt(time).or(key.lt(id))))
        }
    }
}

/// The cursor of a row in a list with this sort order.
pub fn mark(sort: UserSort, row: &UserRow) -> Cursor {
    match sort {
        UserSort::Username | UserSort::UsernameDescending => Cursor::text(&row.username, row.id.0),
        UserSort::Name | UserSort::NameDescending => Cursor::text(&row.name, row.id.0),
        UserSort::OldestFirst | UserSort::NewestFirst => Cursor::time(row.created_at, row.id.0),
    }
}

/// Counts the matching users, without the system account.
pub fn count(conn: &mut Conn, filter: &UserFilter) -> Result<i64, DbError> {
    let mut query = table::table.left_join(technicians::table).into_boxed();
    for condition in conditions(filter) {
        query = query.filter(condition);
    }
    Ok(query.count().get_result(conn)?)
}

/// Adds a user.
pub fn insert(
    conn: &mut Conn,
    user: &NewUserRow<'_>,
    now: NaiveDateTime,
) -> Result<UserId, DbError> {
    let row = (
        table::username.eq(user.username),
        table::name.eq(user.name),
        table::role.eq(user.role),
        table::active.eq(user.active),
        table::pending.eq(user.pending),
        table::password_hash.eq(user.password_hash),
        table::must_change_password.eq(user.must_change_password),
        table::search_text.eq(search_text(user.name, user.username)),
        table::created_at.eq(now),
        table::updated_at.eq(now),
    );
    Ok(diesel::insert_into(table::table).values(row).returning(table::id).get_result(conn)?)
}

fn search_text(name: &str, username: &str) -> String {
    search::search_text(&[name, username])
}

/// What an administrator sets.
pub struct UserValues<'a> {
    pub name: &'a str,
    pub role: Role,
    pub active: bool,
}

/// Updates a user that still has the version it was read with; false if it was changed meanwhile.
/// An activated user is no longer pending.
pub fn update(
    conn: &mut Conn,
    read: &UserRow,
    values: &UserValues<'_>,
    now: NaiveDateTime,
) -> Result<bool, DbError> {
    let row = table::table.filter(table::id.eq(read.id).and(table::version.eq(read.version)));
    let changed = diesel::update(row)
        .set((
            table::name.eq(values.name),
            table::role.eq(values.role),
            table::active.eq(values.active),
            table::pending.eq(read.pending && !values.active),
            table::search_text.eq(search_text(values.name, &read.username)),
            table::version.eq(read.version + 1),
            table::updated_at.eq(now),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}

/// Deletes a user that waits for approval; false if it does not.
pub fn delete_pending(conn: &mut Conn, id: UserId) -> Result<bool, DbError> {
    let row = table::table.filter(table::id.eq(id).and(table::pending.eq(true)));
    Ok(diesel::delete(row).execute(conn)? == 1)
}

/// The active superadmins. On PostgreSQL the rows are locked until the transaction ends: of two who
/// deactivate each other, the second one sees what the first one did.
pub fn active_superadmins(conn: &mut Conn) -> Result<Vec<UserId>, DbError> {
    let rows = table::table
        .filter(table::role.eq(Role::Superadmin).and(table::active.eq(true)))
        .order(table::id)
        .select(table::id);
    Ok(match conn {
        Conn::Sqlite(conn) => rows.load(conn)?,
        Conn::Postgres(conn) => rows.for_update().load(conn)?,
    })
}

/// The active superadmins and admins.
pub fn active_admins(conn: &mut Conn) -> Result<Vec<UserId>, DbError> {
    Ok(table::table
        .filter(table::role.eq_any([Role::Superadmin, Role::Admin]).and(table::active.eq(true)))
        .order(table::id)
        .select(table::id)
        .load(conn)?)
}

/// The active warehouse keepers.
pub fn active_storekeepers(conn: &mut Conn) -> Result<Vec<UserId>, DbError> {
    Ok(table::table
        .filter(table::role.eq(Role::Gudang).and(table::active.eq(true)))
        .order(table::id)
        .select(table::id)
        .load(conn)?)
}

/// PostgreSQL only: serialises the creation of the very first user, for which there is no row to lock.
pub fn lock_first_user(conn: &mut Conn) -> Result<(), DbError> {
    if let Conn::Postgres(conn) = conn {
        conn.batch_execute(&format!("SELECT pg_advisory_xact_lock({FIRST_USER_LOCK})"))?;
    }
    Ok(())
}

/// Sets a new password and invalidates all access tokens.
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

/// Records whether a user has a second factor.
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

/// Active users of these roles without a second factor.
pub fn without_second_factor(conn: &mut Conn, roles: &[Role]) -> Result<Vec<UserId>, DbError> {
    Ok(table::table
        .filter(table::active.eq(true).and(table::second_factor.eq(false)))
        .filter(table::role.eq_any(roles))
        .select(table::id)
        .load(conn)?)
}

/// Invalidates all access tokens of a user.
pub fn revoke_tokens(conn: &mut Conn, id: UserId) -> Result<(), DbError> {
    diesel::update(table::table.find(id))
        .set(table::token_epoch.eq(table::token_epoch + 1))
        .execute(conn)?;
    Ok(())
}

/// Invalidates all known devices of a user.
pub fn reset_devices(conn: &mut Conn, id: UserId) -> Result<(), DbError> {
    diesel::update(table::table.find(id))
        .set(table::device_epoch.eq(table::device_epoch + 1))
        .execute(conn)?;
    Ok(())
}

/// Records a successful sign-in.
pub fn set_last_login(conn: &mut Conn, id: UserId, now: NaiveDateTime) -> Result<(), DbError> {
    diesel::update(table::table.find(id)).set(table::last_login_at.eq(now)).execute(conn)?;
    Ok(())
}
