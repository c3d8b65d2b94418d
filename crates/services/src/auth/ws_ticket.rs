//! Staying signed in: the password of one's own, and tickets for live connections.

use chrono::TimeDelta;
use db::Tx;
use db::tables::{sessions, users, ws_tickets};
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

/// How long a WebSocket ticket is good.
const WS_TICKET_LIFETIME: TimeDelta = TimeDelta::seconds(30);

/// From where somebody signs in.
#[derive(Debug, Clone)]
pub struct Device {
    pub user_agent: String,
    pub ip: String,
    /// What the browser says it is known as.
    pub known_device: Option<KnownDevice>,
}

/// The secrets of a signed-in device.
#[derive(Clone)]
pub struct IssuedSession {
    pub claims: AccessClaims,
    /// `<session id>.<generation>.<secret>`: goes into the cookie.
    pub refresh_token: String,
    /// What the browser is known as from now on: goes into a cookie of its own.
    pub device: KnownDevice,
    pub user: SignedInUser,
}

/// Sets the caller's own new password; every device has to sign in again.
///
/// # Errors
/// [`ErrorCode::WrongPassword`] if the password is no longer the one that was compared.
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
    let deed = AuditEvent { action: "user.change_password", entity: "user", entity_id: id.0 };
    audit::record::<(), ()>(tx, actor, deed, None, None)?;
    tx.emit(LiveEvent::UserChanged(UserEvent { id }));
    Ok(())
}

/// A ticket that opens one WebSocket of the caller's session.
///
/// # Errors
/// [`ErrorCode::Forbidden`] for a caller without a session.
pub fn issue_ws_ticket(tx: &mut Tx<'_>, actor: &Actor) -> Result<String> {
    let session = actor.session_id.ok_or_else(|| Error::refuse(ErrorCode::Forbidden))?;
    let ticket = random_secret();
    let now = tx.now();
    let expires_at = (now + WS_TICKET_LIFETIME).naive_utc();
    ws_tickets::insert(tx.conn(), &secret_hash(&ticket), session, now.naive_utc(), expires_at)?;
    Ok(ticket)
}

/// Uses a ticket up: of which session it was.
///
/// # Errors
/// [`ErrorCode::NotAuthenticated`] if it is unknown, used or too old.
pub fn redeem_ws_ticket(tx: &mut Tx<'_>, ticket: &str) -> Result<SessionId> {
    let now = tx.now().naive_utc();
    ws_tickets::take(tx.conn(), &secret_hash(ticket), now)?
        .ok_or_else(|| Error::refuse(ErrorCode::NotAuthenticated))
}
