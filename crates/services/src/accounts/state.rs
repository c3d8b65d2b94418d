//! State of user accounts, as every request of their owner needs it.

use chrono::{DateTime, Utc};
use db::Conn;
use db::tables::settings;
use db::tables::users::{self as table, UserRow};
use shared::session::SignedInUser;
use shared::{Role, SessionId, TechnicianId, UserId};

use super::LinkedTechnician;
use crate::error::Result;

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
    (row, technician): (UserRow, LinkedTechnician),
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
    technician: LinkedTechnician,
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
