//! Self-registration of users.

use db::tables::settings;
use db::tables::users::{self as table, NewUserRow, UserFilter, UserValues};
use db::{Conn, DbError, Tx};
use shared::audit::AuditAction;
use shared::live::{LiveEvent, UserEvent};
use shared::user::{NewUser, User};
use shared::{ErrorCode, Role, UserId};

use super::admin::{find_person, record_change};
use super::{UsernameSnapshot, insert_row};
use crate::Actor;
use crate::accounts::{load_user, system_actor};
use crate::audit::{self, AuditEvent};
use crate::error::{Error, Result, check_version};

/// Maximum pending registrations, against floods from many addresses.
const MAX_PENDING_SIGNUPS: i64 = 200;

/// Whether self-registration is open.
pub fn is_registration_open(conn: &mut Conn) -> Result<bool> {
    Ok(settings::load(conn)?.registration_open)
}

/// Creates a pending user account; it becomes usable once an administrator approves it. The
/// password is hashed already.
///
/// # Errors
/// `RegistrationClosed`, also when too many are pending; `Taken` (user name).
pub fn register(tx: &mut Tx<'_>, new: &NewUser, password_hash: &str) -> Result<()> {
    let waiting = UserFilter { pending: Some(true), ..UserFilter::default() };
    if !is_registration_open(tx.conn())?
        || table::count(tx.conn(), &waiting)? >= MAX_PENDING_SIGNUPS
    {
        return Err(Error::refuse(ErrorCode::RegistrationClosed));
    }
    let row = NewUserRow {
        username: &new.username,
        name: &new.name,
        role: Role::User,
        active: false,
        pending: true,
        password_hash,
        must_change_password: false,
    };
    let id = insert_row(tx, &row)?;
    // In the name of the system: a rejected account must leave no other trace than this entry.
    let actor = system_actor(tx)?;
    let event = AuditEvent { action: AuditAction::UserRegister, entity_id: id.0 };
    audit::record::<(), _>(
        tx,
        &actor,
        event,
        None,
        Some(&UsernameSnapshot { username: &new.username }),
    )?;
    tx.emit(LiveEvent::UserRegistered(UserEvent { id }));
    Ok(())
}

/// Approves a pending account with this role.
///
/// # Errors
/// `NotFound`, `NotPending`; `Forbidden` for a role that the actor can not manage.
pub fn approve(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: UserId,
    version: Option<i64>,
    role: Role,
) -> Result<User> {
    let (before, technician) = find_person(tx.conn(), id)?;
    check_version(version, before.version)?;
    if !actor.role.may_manage(role) {
        return Err(Error::refuse(ErrorCode::Forbidden));
    }
    if !before.pending {
        return Err(Error::refuse(ErrorCode::NotPending));
    }
    let values = UserValues { name: &before.name, role, active: true };
    let now = tx.now().naive_utc();
    if !table::update(tx.conn(), &before, &values, now)? {
        return Err(DbError::Conflict.into());
    }
    let before = load_user(tx.conn(), before, technician)?;
    record_change(tx, actor, AuditAction::UserApprove, Some(&before), id)
}

/// Deletes a pending account; nothing refers to it, and its user name becomes free. Returns what
/// was deleted.
///
/// # Errors
/// `NotFound`, `NotPending`.
pub fn reject(tx: &mut Tx<'_>, actor: &Actor, id: UserId, version: Option<i64>) -> Result<User> {
    let (before, technician) = find_person(tx.conn(), id)?;
    check_version(version, before.version)?;
    if !before.pending {
        return Err(Error::refuse(ErrorCode::NotPending));
    }
    if !table::delete_pending(tx.conn(), id)? {
        return Err(DbError::Conflict.into());
    }
    let gone = load_user(tx.conn(), before, technician)?;
    let event = AuditEvent { action: AuditAction::UserReject, entity_id: id.0 };
    audit::record::<_, User>(tx, actor, event, Some(&gone), None)?;
    tx.emit(LiveEvent::UserChanged(UserEvent { id }));
    Ok(gone)
}
