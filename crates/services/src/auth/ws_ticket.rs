//! One-time tickets for WebSocket connections.

use chrono::TimeDelta;
use db::Tx;
use db::tables::ws_tickets;
use shared::{ErrorCode, SessionId};

use crate::Actor;
use crate::auth::jwt::{random_secret, secret_hash};
use crate::error::{Error, Result};

/// Validity of a WebSocket ticket.
const WS_TICKET_LIFETIME: TimeDelta = TimeDelta::seconds(30);

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
