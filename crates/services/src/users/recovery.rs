//! Getting in again from the machine itself.

use db::tables::users::{self as table, UserValues};
use db::{DbError, Tx};
use shared::user::NewUser;
use shared::{ErrorCode, Role, UserId};

use super::admin::record_change;
use super::{insert, revoke_access, system_actor};
use crate::auth::second_factor;
use crate::error::{Error, OrNotFound, Result};

/// A superadmin whom the operator of the machine makes or lets in again.
pub struct SuperadminRecovery {
    pub user: NewUser,
    pub password_hash: String,
    /// The password has to be changed at the first sign-in.
    pub must_change_password: bool,
    /// Lets an existing superadmin in again instead of making a new one.
    pub reset: bool,
}

/// Makes a superadmin, or gives an existing one another password and switches the login on again:
/// without the second factor that may be lost, and (because of the new epoch) without the wait that failed
/// attempts led to.
///
/// # Errors
/// The user name is taken; with `reset`, there is no such login, or it is no superadmin's.
pub fn recover_superadmin(tx: &mut Tx<'_>, rescue: &SuperadminRecovery) -> Result<UserId> {
    let actor = system_actor(tx)?;
    let SuperadminRecovery { user, password_hash, must_change_password, reset } = rescue;
    if !reset {
        let id = insert(tx, user, password_hash, *must_change_password)?;
        record_change(tx, &actor, "user.create", None, id)?;
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
    let before = super::load_user(tx.conn(), row, technician)?;
    record_change(tx, &actor, "user.rescue", Some(&before), id)?;
    Ok(id)
}
