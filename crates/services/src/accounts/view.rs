//! User accounts as administrators see them.

use db::Conn;
use db::tables::telegram_links;
use db::tables::users::UserRow;
use shared::user::User;

use super::LinkedTechnician;
use crate::error::Result;

/// Builds the user account from its row.
pub(crate) fn load_user(
    conn: &mut Conn,
    row: UserRow,
    technician: LinkedTechnician,
) -> Result<User> {
    let linked = telegram_links::find_by_user(conn, row.id)?.is_some();
    Ok(to_user(row, technician, linked))
}

/// Builds the user account of which the Telegram link is known.
pub(crate) fn to_user(row: UserRow, technician: LinkedTechnician, telegram_linked: bool) -> User {
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
