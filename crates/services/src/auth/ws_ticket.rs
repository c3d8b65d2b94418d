//! One-time tickets for WebSocket connections.

use chrono::TimeDelta;
use db::Tx;
use db::tables::{sessions, users, ws_tickets};
use shared::audit::AuditAction;
use shared::live::{LiveEvent, UserEvent};
use shared::session::SignedInUser;
use shared::{ErrorCode, SessionId};

use crate::audit::{self, AuditEvent};
use crate::auth::jwt::{AccessClaims, random_secret, secret_hash};
use crate::auth::known_device::KnownDevice;
use crate::auth::reauthentication::Reauthentication;
use crate::encryption::Cipher;
use crate::error::{Error, Result};
use crate::{Actor, telegram};

/// Validity of a WebSocket ticket.
const WS_TICKET_LIFETIME: TimeDelta = TimeDelta::seconds(30);

/// The client of a login.
#[derive(Debug, Clone)]
pub struct Device {
    pub user_agent: String,
    pub ip: String,
    /// The known-device cookie that the browser presented.
    pub known_device: Option<KnownDevice>,
}

/// The credentials of a signed-in device.
#[derive(Clone)]
pub struct IssuedSession {
    pub claims: AccessClaims,
    /// `<session id>.<generation>.<secret>`: value of the refresh cookie.
    pub refresh_token: String,
    /// Value of the known-device cookie from now on.
    pub device: KnownDevice,
    pub user: SignedInUser,
}

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
    telegram::revoke_access(tx, id, actor.role)?;
    let event = AuditEvent { action: AuditAction::UserChangePassword, entity_id: id.0 };
    audit::record::<(), ()>(tx, actor, event, None, None)?;
    tx.emit(LiveEvent::UserChanged(UserEvent { id }));
    Ok(())
}

/// Issues a ticket that opens one WebSocket for the caller's session.
///
/// # Errors
/// `Forbidden` for a caller without a session.
pub fn issue_ws_ticket(tx: &mut Tx<'_>, actor: &Actor) -> Result<String> {
    let session = actor.session_id.ok_or_else(|| Error::refuse(ErrorCode::Forbidden))?;
    let ticket = random_secret();
    let now = tx.now();
    let expires_at = (now + WS_TICKET_LIFETIME).naive_utc();
    ws_tickets::insert(tx.conn(), &secret_hash(&ticket), session, now.naive_utc(), expires_at)?;
    Ok(ticket)
}

/// Redeems a ticket and returns its session.
///
/// # Errors
/// `NotAuthenticated` if it is unknown, used or expired.
pub fn redeem_ws_ticket(tx: &mut Tx<'_>, ticket: &str) -> Result<SessionId> {
    let now = tx.now().naive_utc();
    ws_tickets::take(tx.conn(), &secret_hash(ticket), now)?
        .ok_or_else(|| Error::refuse(ErrorCode::NotAuthenticated))
}
