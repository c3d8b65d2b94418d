//! User accounts.

mod admin;
mod recovery;
mod signup;

use db::tables::users::{
    self as table, NewUserRow, SYSTEM_USERNAME, UserFilter, UserRow, UserValues,
};
use db::{Conn, DbError, Tx};
use serde::Serialize;
use shared::audit::AuditAction;
use shared::live::{LiveEvent, UserEvent};
use shared::session::SignedInUser;
use shared::user::{NewUser, User};
use shared::{ErrorCode, UserId};

use crate::Actor;
use crate::accounts::{load_user, signed_in_user};
use crate::audit::{self, AuditEvent};
use crate::error::{Error, OrNotFound, Result, map_unique_violation};

pub use crate::accounts::{AccountState, account_state, system_actor};
pub use admin::{get, list, reset_password, unlink_telegram, update};
pub use recovery::{SuperadminRecovery, recover_superadmin};
pub use signup::{approve, is_registration_open, register, reject};

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
