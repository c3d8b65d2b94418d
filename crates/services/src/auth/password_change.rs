//! Change of the own password.

use db::Tx;
use db::tables::{sessions, users};
use shared::audit::AuditAction;
use shared::live::{LiveEvent, UserEvent};

use crate::Actor;
use crate::accounts::revoke_telegram_access;
use crate::audit::{self, AuditEvent};
use crate::auth::reauthentication::Reauthentication;
use crate::encryption::Cipher;
use crate::error::Result;

/// Sets the caller's new password; every device has to sign in again.
///
/// # Errors
/// `WrongPassword` if the password was changed after it was compared.
pub fn change_password(
    tx: &mut Tx<'_>,
    cipher: &Cipher,
    actor: &Actor,
    confirmed: &Reauthentication,
    new_hash: &str,
) -> Result<()> {
    confirmed.consume(tx, cipher, actor)?;
    let (id, now) = (actor.user_id, tx.now().naive_utc());
    users::set_password(tx.conn(), id, new_hash, false, now)?;
    sessions::revoke_all(tx.conn(), id, now)?;
    revoke_telegram_access(tx, id, actor.role)?;
    let event = AuditEvent { action: AuditAction::UserChangePassword, entity_id: id.0 };
    audit::record::<(), ()>(tx, actor, event, None, None)?;
    tx.emit(LiveEvent::UserChanged(UserEvent { id }));
    Ok(())
}
