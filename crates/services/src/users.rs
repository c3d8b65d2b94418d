//! Logins.

use db::tables::settings;
use db::tables::users::{self as table, NewUserRow, UserRow};
use db::{Conn, Cursor, Tx};
use shared::auth::SignedInUser;
use shared::live::{LiveEvent, UserEvent};
use shared::user::{NewUser, User};
use shared::{ErrorCode, Page, Role, SessionId, TechnicianId, UserId};

use crate::Actor;
use crate::audit::{self, Deed};
use crate::error::{Error, OrNotFound, Result, taken};
use crate::paging::PageRequest;

type Technician = Option<(TechnicianId, bool)>;

/// Name of the login that stands for the machine itself: imports and demo data. Nobody can sign
/// in with it.
const SYSTEM: &str = "system";

/// A login as administrators see it.
pub(crate) fn user(row: UserRow, technician: Technician) -> User {
    User {
        id: row.id,
        username: row.username,
        name: row.name,
        role: row.role,
        active: row.active,
        technician_id: technician.map(|(id, _)| id),
        must_change_password: row.must_change_password,
        second_factor: row.second_factor,
        last_login_at: row.last_login_at.map(|at| at.and_utc()),
        version: row.version,
    }
}

/// Whether the organisation demands a second factor of this login that it does not have.
fn second_factor_missing(conn: &mut Conn, row: &UserRow) -> Result<bool> {
    // Technicians are never asked for one, so that their requests need not know the settings.
    if row.second_factor || row.role == Role::User {
        return Ok(false);
    }
    Ok(settings::load(conn)?.require_second_factor.reaches(row.role))
}

/// A login as its owner's browser needs it.
pub(crate) fn signed_in(
    conn: &mut Conn,
    row: &UserRow,
    technician: Technician,
) -> Result<SignedInUser> {
    Ok(SignedInUser {
        id: row.id,
        username: row.username.clone(),
        name: row.name.clone(),
        role: row.role,
        permissions: row.role.permissions(),
        technician_id: technician.map(|(id, _)| id),
        must_change_password: row.must_change_password,
        second_factor_setup_required: second_factor_missing(conn, row)?,
    })
}

/// What every request needs to know of its caller.
#[derive(Debug, Clone)]
pub struct LoginFacts {
    pub user_id: UserId,
    /// The device that the request comes from.
    pub session_id: Option<SessionId>,
    pub name: String,
    pub role: Role,
    pub active: bool,
    pub epoch: i64,
    pub must_change_password: bool,
    /// The organisation demands a second factor, and there is none yet.
    pub second_factor_missing: bool,
    /// The active technician that the login belongs to.
    pub technician_id: Option<TechnicianId>,
}

/// Reads the facts of a login.
///
/// # Errors
/// The database fails.
pub fn facts(conn: &mut Conn, id: UserId) -> Result<Option<LoginFacts>> {
    match table::find(conn, id)? {
        Some(login) => facts_of(conn, login, None).map(Some),
        None => Ok(None),
    }
}

/// The facts of a login that was read already.
pub(crate) fn facts_of(
    conn: &mut Conn,
    (row, technician): (UserRow, Technician),
    session_id: Option<SessionId>,
) -> Result<LoginFacts> {
    Ok(LoginFacts {
        user_id: row.id,
        session_id,
        second_factor_missing: second_factor_missing(conn, &row)?,
        name: row.name,
        role: row.role,
        active: row.active,
        epoch: row.token_epoch,
        must_change_password: row.must_change_password,
        technician_id: technician.filter(|(_, active)| *active).map(|(id, _)| id),
    })
}

/// The caller's own login.
///
/// # Errors
/// The database fails.
pub fn profile(conn: &mut Conn, actor: &Actor) -> Result<SignedInUser> {
    let (row, technician) = table::find(conn, actor.user_id)?.or_not_found()?;
    signed_in(conn, &row, technician)
}

/// Changes the caller's own name.
///
/// # Errors
/// A wrong name.
pub fn rename(tx: &mut Tx<'_>, actor: &Actor, name: &str) -> Result<SignedInUser> {
    let mut check = shared::validate::Checker::default();
    let name = check.text("name", name, 100);
    let name = check.finish(name)?;
    let (before, technician) = table::find(tx.conn(), actor.user_id)?.or_not_found()?;
    let now = tx.now().naive_utc();
    table::set_name_and_active(tx.conn(), before.id, &name, before.active, now)?;
    let deed = Deed { action: "user.rename", entity: "user", entity_id: before.id.0 };
    audit::record(tx, actor, deed, Some(&before.name), Some(&name))?;
    tx.emit(LiveEvent::UserChanged(UserEvent { id: before.id }));
    signed_in(tx.conn(), &UserRow { name, ..before }, technician)
}

/// All logins by user name.
///
/// # Errors
/// The database fails.
pub fn list(conn: &mut Conn, page: &PageRequest) -> Result<Page<User>> {
    let rows = table::list(conn, page.cursor.as_ref(), page.fetch())?;
    let total = page.with_total.then(|| table::count(conn)).transpose()?;
    let mark = |(row, _): &(UserRow, Technician)| Cursor::text(&row.username, row.id.0);
    Ok(page.page(rows, total, mark, |(row, technician)| user(row, technician)))
}

/// Adds a login whose password was hashed before. Its owner has to change the password first.
///
/// # Errors
/// The actor may not create this role; the user name is taken.
pub fn create(tx: &mut Tx<'_>, actor: &Actor, new: &NewUser, password_hash: &str) -> Result<User> {
    if !actor.role.may_manage(new.role) {
        return Err(Error::refuse(ErrorCode::Forbidden));
    }
    let id = insert(tx, new, password_hash, true)?;
    let (row, technician) = table::find(tx.conn(), id)?.or_not_found()?;
    let created = user(row, technician);
    let deed = Deed { action: "user.create", entity: "user", entity_id: id.0 };
    audit::record::<User, _>(tx, actor, deed, None, Some(&created))?;
    tx.emit(LiveEvent::UserChanged(UserEvent { id }));
    Ok(created)
}

/// Writes the row of a new login.
pub(crate) fn insert(
    tx: &mut Tx<'_>,
    new: &NewUser,
    password_hash: &str,
    must_change: bool,
) -> Result<UserId> {
    let now = tx.now().naive_utc();
    let row = NewUserRow {
        username: &new.username,
        name: &new.name,
        role: new.role,
        active: true,
        password_hash,
        must_change_password: must_change,
        created_at: now,
        updated_at: now,
    };
    table::insert(tx.conn(), &row).map_err(|error| taken("username", error))
}

/// Whether nobody can sign in yet.
///
/// # Errors
/// The database fails.
pub fn is_empty(conn: &mut Conn) -> Result<bool> {
    let system = table::find_by_username(conn, SYSTEM)?.is_some();
    Ok(table::count(conn)? == i64::from(system))
}

/// Adds a login from the machine itself (first start, demo data): no one is asked, and the
/// password need not be changed.
///
/// # Errors
/// The user name is taken.
pub fn create_by_system(tx: &mut Tx<'_>, new: &NewUser, password_hash: &str) -> Result<UserId> {
    let actor = system_actor(tx)?;
    let id = insert(tx, new, password_hash, false)?;
    let deed = Deed { action: "user.create", entity: "user", entity_id: id.0 };
    audit::record::<(), _>(tx, &actor, deed, None, Some(&new.username))?;
    Ok(id)
}

/// The machine itself as an actor.
///
/// # Errors
/// The database fails.
pub fn system_actor(tx: &mut Tx<'_>) -> Result<Actor> {
    let id = match table::find_by_username(tx.conn(), SYSTEM)? {
        Some((row, _)) => row.id,
        None => {
            let now = tx.now().naive_utc();
            let row = NewUserRow {
                username: SYSTEM,
                name: "Sistem",
                role: Role::Superadmin,
                active: false,
                // No password has this hash.
                password_hash: "!",
                must_change_password: false,
                created_at: now,
                updated_at: now,
            };
            table::insert(tx.conn(), &row)?
        }
    };
    Ok(Actor {
        user_id: id,
        name: "Sistem".into(),
        role: Role::Superadmin,
        technician_id: None,
        session_id: None,
        ip: None,
        request_id: None,
    })
}
