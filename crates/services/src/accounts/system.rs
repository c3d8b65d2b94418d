//! The system account: actor of what no person does.

use db::Tx;
use db::tables::users::{self as table, NewUserRow, SYSTEM_USERNAME};
use shared::{Lang, Role, stored_text};

use crate::Actor;
use crate::error::Result;

/// Name of the system account in audit and timelines.
const SYSTEM_NAME: &str = stored_text::SYSTEM_ACCOUNT.in_lang(Lang::ORGANISATION);

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
