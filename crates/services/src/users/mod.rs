//! User accounts.

mod admin;
mod recovery;
mod signup;

use chrono::{DateTime, Utc};
use db::tables::sessions;
use db::tables::settings;
use db::tables::telegram_links;
use db::tables::users::{
    self as table, NewUserRow, SYSTEM_USERNAME, UserFilter, UserRow, UserValues,
};
use db::{Conn, DbError, Tx};
use serde::Serialize;
use shared::audit::AuditAction;
use shared::live::{LiveEvent, UserEvent};
use shared::session::SignedInUser;
use shared::user::{NewUser, User};
use shared::{ErrorCode, Lang, Role, SessionId, TechnicianId, UserId, stored_text};

use crate::Actor;
use crate::audit::{self, AuditEvent};
use crate::error::{Error, OrNotFound, Result, map_unique_violation};
use crate::telegram;

pub use admin::{get, list, reset_password, unlink_telegram, update};
pub use recovery::{SuperadminRecovery, recover_superadmin};
pub use signup::{approve, is_registration_open, register, reject};

type Technician = Option<(TechnicianId, bool)>;

/// Name of the system account in audit and timelines.
const SYSTEM_NAME: &str = stored_text::SYSTEM_ACCOUNT.in_lang(Lang::ORGANISATION);

/// A name as recorded in the audit.
#[derive(Serialize)]
struct NameSnapshot<'a> {
    name: &'a str,
}

/// A new user account as recorded in the audit.
#[derive(Serialize)]
struct UsernameSnapshot<'a> {
    username: &'a str,
}

/// Builds the user account as administrators see it.
pub(crate) fn load_user(conn: &mut Conn, row: UserRow, technician: Technician) -> Result<User> {
    let linked = telegram_links::find_by_user(conn, row.id)?.is_some();
    Ok(to_user(row, technician, linked))
}

fn to_user(row: UserRow, technician: Technician, telegram_linked: bool) -> User {
    User {
        id: row.id,
        username: row.username,
        name: row.name,
        role: row.role,
        active: row.active,
        pending: row.pending,
        technician_id: technician.map(|(id, _)| id),
        must_change_password: row.must_change_password,
        second_factor: row.second_factor,
        telegram_linked,
        last_login_at: row.last_login_at.map(|at| at.and_utc()),
        created_at: row.created_at.and_utc(),
        version: row.version,
    }
}

/// Whether the organisation requires a second factor that the account does not have.
fn second_factor_missing(conn: &mut Conn, row: &UserRow) -> Result<bool> {
    // Never required of technicians, so that their requests do not load the settings.
    if row.second_factor || row.role == Role::User {
        return Ok(false);
    }
    Ok(settings::load(conn)?.require_second_factor.applies_to(row.role))
}

/// Builds the account as its owner's browser needs it.
pub(crate) fn signed_in_user(
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

/// What a request needs to know about its caller.
#[derive(Debug, Clone)]
pub struct AccountState {
    pub user_id: UserId,
    /// The session that the request belongs to.
    pub session_id: Option<SessionId>,
    /// Expiry of the session, unless it is renewed before.
    pub session_expires_at: Option<DateTime<Utc>>,
    pub name: String,
    pub role: Role,
    pub active: bool,
    pub epoch: i64,
    pub must_change_password: bool,
    /// The organisation requires a second factor and the account has none.
    pub second_factor_missing: bool,
    /// The linked technician; none while either is disabled.
    pub technician_id: Option<TechnicianId>,
}

/// Loads the state of an account.
pub fn account_state(conn: &mut Conn, id: UserId) -> Result<Option<AccountState>> {
    match table::find(conn, id)? {
        Some(login) => account_state_of(conn, login).map(Some),
        None => Ok(None),
    }
}

/// The state of an account that is already loaded.
pub(crate) fn account_state_of(
    conn: &mut Conn,
    (row, technician): (UserRow, Technician),
) -> Result<AccountState> {
    Ok(AccountState {
        user_id: row.id,
        session_id: None,
        session_expires_at: None,
        second_factor_missing: second_factor_missing(conn, &row)?,
        name: row.name,
        role: row.role,
        active: row.active,
        epoch: row.token_epoch,
        must_change_password: row.must_change_password,
        technician_id: technician.filter(|(_, active)| *active && row.active).map(|(id, _)| id),
    })
}

/// The caller's own account.
pub fn profile(conn: &mut Conn, actor: &Actor) -> Result<SignedInUser> {
    let (row, technician) = table::find(conn, actor.user_id)?.or_not_found()?;
    signed_in_user(conn, &row, technician)
}

/// Changes the caller's own name.
///
/// # Errors
/// Invalid name.
pub fn rename_self(tx: &mut Tx<'_>, actor: &Actor, name: &str) -> Result<SignedInUser> {
    let mut check = shared::validate::Validator::default();
    let name = check.name("name", name, 100);
    let name = check.finish(name)?;
    let (before, technician) = table::find(tx.conn(), actor.user_id)?.or_not_found()?;
    let now = tx.now().naive_utc();
    let values = UserValues { name: &name, role: before.role, active: before.active };
    if !table::update(tx.conn(), &before, &values, now)? {
        return Err(DbError::Conflict.into());
    }
    let event = AuditEvent { action: AuditAction::UserRename, entity_id: before.id.0 };
    let (was, is) = (NameSnapshot { name: &before.name }, NameSnapshot { name: &name });
    audit::record(tx, actor, event, Some(&was), Some(&is))?;
    tx.emit(LiveEvent::UserChanged(UserEvent { id: before.id }));
    signed_in_user(tx.conn(), &UserRow { name, ..before }, technician)
}

/// Creates a user account with a hashed password that has to be changed at the first login.
///
/// # Errors
/// `Forbidden` if the actor can not manage this role; `Taken` (user name).
pub fn create(tx: &mut Tx<'_>, actor: &Actor, new: &NewUser, password_hash: &str) -> Result<User> {
    if !actor.role.may_manage(new.role) {
        return Err(Error::refuse(ErrorCode::Forbidden));
    }
    let id = insert(tx, new, password_hash, true)?;
    let (row, technician) = table::find(tx.conn(), id)?.or_not_found()?;
    let created = load_user(tx.conn(), row, technician)?;
    let event = AuditEvent { action: AuditAction::UserCreate, entity_id: id.0 };
    audit::record::<User, _>(tx, actor, event, None, Some(&created))?;
    tx.emit(LiveEvent::UserChanged(UserEvent { id }));
    Ok(created)
}

/// Inserts the row of a new user account.
pub(crate) fn insert(
    tx: &mut Tx<'_>,
    new: &NewUser,
    password_hash: &str,
    must_change: bool,
) -> Result<UserId> {
    let row = NewUserRow {
        username: &new.username,
        name: &new.name,
        role: new.role,
        active: true,
        pending: false,
        password_hash,
        must_change_password: must_change,
    };
    insert_row(tx, &row)
}

fn insert_row(tx: &mut Tx<'_>, row: &NewUserRow<'_>) -> Result<UserId> {
    // Reserved: whoever got that name first would act as the system.
    if row.username == SYSTEM_USERNAME {
        return Err(Error::field("username", ErrorCode::Taken));
    }
    let now = tx.now().naive_utc();
    table::insert(tx.conn(), row, now).map_err(|error| map_unique_violation("username", error))
}

/// Revokes all access of an account: access tokens, sessions and tickets. The caller emits
/// [`LiveEvent::UserChanged`], which closes the open connections.
pub(crate) fn revoke_access(tx: &mut Tx<'_>, id: UserId) -> Result<()> {
    let now = tx.now().naive_utc();
    table::revoke_tokens(tx.conn(), id)?;
    if let Some((row, _)) = table::find(tx.conn(), id)? {
        telegram::revoke_access(tx, id, row.role)?;
    }
    Ok(sessions::revoke_all(tx.conn(), id, now)?)
}

/// Whether there are no user accounts yet.
pub fn has_no_users(conn: &mut Conn) -> Result<bool> {
    Ok(table::count(conn, &UserFilter::default())? == 0)
}

/// Creates a user account in the name of the system (first start, demo data). No permission is
/// checked and the password need not be changed.
///
/// # Errors
/// `Taken` (user name).
pub fn create_by_system(tx: &mut Tx<'_>, new: &NewUser, password_hash: &str) -> Result<UserId> {
    let actor = system_actor(tx)?;
    let id = insert(tx, new, password_hash, false)?;
    let event = AuditEvent { action: AuditAction::UserCreate, entity_id: id.0 };
    audit::record::<(), _>(
        tx,
        &actor,
        event,
        None,
        Some(&UsernameSnapshot { username: &new.username }),
    )?;
    Ok(id)
}

/// The system account as an actor.
pub fn system_actor(tx: &mut Tx<'_>) -> Result<Actor> {
    let id = match table::find_by_username(tx.conn(), SYSTEM_USERNAME)? {
        Some((row, _)) => row.id,
        None => {
            let now = tx.now().naive_utc();
            let row = NewUserRow {
                username: SYSTEM_USERNAME,
                name: SYSTEM_NAME,
                role: Role::Superadmin,
                active: false,
                pending: false,
                // No password has this hash.
                password_hash: "!",
                must_change_password: false,
            };
            table::insert(tx.conn(), &row, now)?
        }
    };
    Ok(Actor::for_user(id, SYSTEM_NAME, Role::Superadmin, None))
}
