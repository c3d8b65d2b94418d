//! Logins.

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

/// Name of the login that stands for the machine itself: imports and demo data. Nobody can sign
/// in with it, and no list shows it.
pub const SYSTEM_USERNAME: &str = "system";

/// Any number that no other program uses as its advisory lock.
const FIRST_USER_LOCK: i64 = 0x4953_5046_5354;

/// A row of the table, with the technician that the login belongs to.
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
    /// Grows when what is known of the login's devices is to be forgotten.
    pub device_epoch: i64,
    pub last_login_at: Option<NaiveDateTime>,
    pub second_factor: bool,
    pub version: i64,
    pub created_at: NaiveDateTime,
}

/// A login and its technician: id and whether active.
pub type UserWithTechnician = (UserRow, Option<(TechnicianId, bool)>);

type Joined = LeftJoinQuerySource<table::table, technicians::table>;

macro_rules! with_technician {
    () => {
        table::table
            .left_join(technicians::table)
            .select((UserRow::as_select(), (technicians::id, technicians::active).nullable()))
    };
}

/// A new login.
pub struct NewUserRow<'a> {
    pub username: &'a str,
    pub name: &'a str,
    pub role: Role,
    pub active: bool,
    pub pending: bool,
    pub password_hash: &'a str,
    pub must_change_password: bool,
}

/// Which logins a list shows.
#[derive(Debug, Clone, Default)]
pub struct UserFilter {
    /// Words that all have to be found.
    pub words: Vec<String>,
    /// Any of these; all when empty.
    pub roles: Vec<Role>,
    pub active: Option<bool>,
    pub pending: Option<bool>,
}

/// One login.
pub fn find(conn: &mut Conn, id: UserId) -> Result<Option<UserWithTechnician>, DbError> {
    Ok(with_technician!().filter(table::id.eq(id)).first(conn).optional()?)
}

/// The login with this user name (lower case).
pub fn find_by_username(
    conn: &mut Conn,
    username: &str,
) -> Result<Option<UserWithTechnician>, DbError> {
    Ok(with_technician!().filter(table::username.eq(username)).first(conn).optional()?)
}

fn conditions(conn: &Conn, filter: &UserFilter) -> Vec<Condition<Joined>> {
    let mut all: Vec<Condition<Joined>> =
        search::contains_all(conn.backend(), Searchable::Users, &filter.words);
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

/// Logins of people in the given order, after `cursor`.
pub fn list(
    conn: &mut Conn,
    filter: &UserFilter,
    sort: UserSort,
    cursor: Option<&Cursor>,
    limit: i64,
) -> Result<Vec<UserWithTechnician>, DbError> {
    let mut query = with_technician!().into_boxed();
    for condition in conditions(conn, filter) {
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

/// The rows behind a page's last one.
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

/// The mark of a row in a list of this order.
pub fn mark(sort: UserSort, row: &UserRow) -> Cursor {
    match sort {
        UserSort::Username | UserSort::UsernameDescending => Cursor::text(&row.username, row.id.0),
        UserSort::Name | UserSort::NameDescending => Cursor::text(&row.name, row.id.0),
        UserSort::OldestFirst | UserSort::NewestFirst => Cursor::time(row.created_at, row.id.0),
    }
}

/// How many logins of people match.
pub fn count(conn: &mut Conn, filter: &UserFilter) -> Result<i64, DbError> {
    let mut query = table::table.left_join(technicians::table).into_boxed();
    for condition in conditions(conn, filter) {
        query = query.filter(condition);
    }
    Ok(query.count().get_result(conn)?)
}

/// Adds a login.
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

/// Changes a login that still has the version it was read with; false if it moved on. Who is
/// switched on no longer waits for an approval.
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

/// Removes a login that still waits for its approval; false if it does not.
pub fn delete_pending(conn: &mut Conn, id: UserId) -> Result<bool, DbError> {
    let row = table::table.filter(table::id.eq(id).and(table::pending.eq(true)));
    Ok(diesel::delete(row).execute(conn)? == 1)
}

/// The superadmins who can sign in. On PostgreSQL they stay as they are until the transaction ends:
/// of two who switch each other off, the second one sees what the first one did.
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

/// Those who run the operation and can sign in.
pub fn active_admins(conn: &mut Conn) -> Result<Vec<UserId>, DbError> {
    Ok(table::table
        .filter(table::role.eq_any([Role::Superadmin, Role::Admin]).and(table::active.eq(true)))
        .order(table::id)
        .select(table::id)
        .load(conn)?)
}

/// Those who keep the warehouse and can sign in.
pub fn active_storekeepers(conn: &mut Conn) -> Result<Vec<UserId>, DbError> {
    Ok(table::table
        .filter(table::role.eq(Role::Gudang).and(table::active.eq(true)))
        .order(table::id)
        .select(table::id)
        .load(conn)?)
}

/// PostgreSQL only: whoever else wants to make the very first login waits for the end of this
/// transaction. There is no row yet that could be locked.
pub fn lock_first_user(conn: &mut Conn) -> Result<(), DbError> {
    if let Conn::Postgres(conn) = conn {
        conn.batch_execute(&format!("SELECT pg_advisory_xact_lock({FIRST_USER_LOCK})"))?;
    }
    Ok(())
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
pub fn revoke_tokens(conn: &mut Conn, id: UserId) -> Result<(), DbError> {
    diesel::update(table::table.find(id))
        .set(table::token_epoch.eq(table::token_epoch + 1))
        .execute(conn)?;
    Ok(())
}

/// Forgets which devices a login is known on.
pub fn reset_devices(conn: &mut Conn, id: UserId) -> Result<(), DbError> {
    diesel::update(table::table.find(id))
        .set(table::device_epoch.eq(table::device_epoch + 1))
        .execute(conn)?;
    Ok(())
}

/// Notes a successful login.
pub fn set_last_login(conn: &mut Conn, id: UserId, now: NaiveDateTime) -> Result<(), DbError> {
    diesel::update(table::table.find(id)).set(table::last_login_at.eq(now)).execute(conn)?;
    Ok(())
}
