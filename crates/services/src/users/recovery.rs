//! Recovery of a superadmin account from the command line.

use db::tables::users::{self as table, UserValues};
use db::{DbError, Tx};
use shared::audit::AuditAction;
use shared::user::NewUser;
use shared::{ErrorCode, Role, UserId};

use super::admin::record_change;
use super::insert;
use crate::accounts::{load_user, revoke_access, system_actor};
use crate::auth::second_factor;
use crate::error::{Error, OrNotFound, Result};

/// A superadmin account to create or recover.
pub struct SuperadminRecovery {
    pub user: NewUser,
    pub password_hash: String,
    /// The password has to be changed at the first login.
    pub must_change_password: bool,
    /// Recovers an existing superadmin instead of creating a new one.
    pub reset: bool,
}

/// Creates a superadmin, or recovers an existing one: sets the password, enables the account,
/// removes the second factor and, through the new token epoch, the throttle.
///
/// # Errors
/// `Taken` (user name); with `reset`, `NotFound` or `Forbidden` if the account is not a
/// superadmin's.
pub fn recover_superadmin(tx: &mut Tx<'_>, rescue: &SuperadminRecovery) -> Result<UserId> {
    let actor = system_actor(tx)?;
    let SuperadminRecovery { user, password_hash, must_change_password, reset } = rescue;
    if !reset {
        let id = insert(tx, user, password_hash, *must_change_password)?;
        record_change(tx, &actor, AuditAction::UserCreate, None, id)?;
        return Ok(id);
    }
    let (row, technician) = table::find_by_username(tx.conn(), &user.username)?.or_not_found()?;
    if row.role != Role::Superadmin || row.id == actor.user_id {
        return Err(Error::refuse(ErrorCode::Forbidden));
    }
    let id = row.id;
    let now = tx.now().naive_utc();
    let values = UserValues { name: &row.name, role: row.role, active: true };
    if !table::update(tx.conn(), &row, &values, now)? {
        return Err(DbError::Conflict.into());
    }
    table::set_password(tx.conn(), id, password_hash, *must_change_password, now)?;
    second_factor::remove(tx, id)?;
    revoke_access(tx, id)?;
    let before = load_user(tx.conn(), row, technician)?;
    record_change(tx, &actor, AuditAction::UserRescue, Some(&before), id)?;
    Ok(id)
}
