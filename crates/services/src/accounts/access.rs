//! Revoking the access of user accounts.

use db::Tx;
use db::tables::{sessions, telegram_link_codes, telegram_links, users as table};
use shared::{Role, UserId};

use crate::error::Result;

/// Revokes all access of an account: access tokens, sessions and tickets. The caller emits
/// [`shared::live::LiveEvent::UserChanged`], which closes the open connections.
pub(crate) fn revoke_access(tx: &mut Tx<'_>, id: UserId) -> Result<()> {
    let now = tx.now().naive_utc();
    table::revoke_tokens(tx.conn(), id)?;
    if let Some((row, _)) = table::find(tx.conn(), id)? {
        revoke_telegram_access(tx, id, row.role)?;
    }
    Ok(sessions::revoke_all(tx.conn(), id, now)?)
}

/// Revokes Telegram access after a change of rights or password: unused link codes and, except for
/// technicians, the link. Technicians work in Telegram only, and change their initial password
/// while doing so.
pub(crate) fn revoke_telegram_access(tx: &mut Tx<'_>, user: UserId, role: Role) -> Result<()> {
    telegram_link_codes::delete(tx.conn(), user)?;
    if role != Role::User {
        telegram_links::delete(tx.conn(), user)?;
    }
    Ok(())
}
