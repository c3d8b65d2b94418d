//! Signing in, staying signed in, signing out.

use chrono::TimeDelta;
use db::tables::sessions::{self, NewSession};
use db::tables::{users, ws_tickets};
use db::{Conn, Tx};
use shared::auth::SignedInUser;
use shared::live::{LiveEvent, UserEvent};
use shared::{ErrorCode, SessionId, UserId};

use crate::Actor;
use crate::audit::{self, Deed};
use crate::error::{Error, OrNotFound, Result};
use crate::tokens::{AccessClaims, random_secret, secret_hash};
use crate::users::{LoginFacts, facts, signed_in};

/// How long a WebSocket ticket is good.
const TICKET_LIFETIME: TimeDelta = TimeDelta::seconds(30);

/// From where somebody signs in.
#[derive(Debug, Clone)]
pub struct Device {
    pub user_agent: String,
    pub ip: String,
}

/// The secrets of a signed-in device.
#[derive(Clone)]
pub struct Session {
    pub claims: AccessClaims,
    /// `<session id>.<secret>`: goes into the cookie.
    pub refresh_token: String,
    pub user: SignedInUser,
}

/// What a login attempt has to be compared with.
pub struct Candidate {
    pub user_id: UserId,
    pub password_hash: String,
}

/// The active login with this name.
///
/// # Errors
/// The database fails.
pub fn candidate(conn: &mut Conn, username: &str) -> Result<Option<Candidate>> {
    let found = users::find_by_username(conn, &username.trim().to_ascii_lowercase())?;
    Ok(found
        .filter(|(user, _)| user.active)
        .map(|(user, _)| Candidate { user_id: user.id, password_hash: user.password_hash }))
}

/// Opens a session after the password was found right.
///
/// # Errors
/// The login was switched off or got another password meanwhile.
pub fn open_session(
    tx: &mut Tx<'_>,
    candidate: &Candidate,
    device: &Device,
    lifetime: TimeDelta,
) -> Result<Session> {
    let now = tx.now();
    let (user, technician) = users::find(tx.conn(), candidate.user_id)?.or_not_found()?;
    if !user.active || user.password_hash != candidate.password_hash {
        return Err(Error::refuse(ErrorCode::InvalidCredentials));
    }
    let secret = random_secret();
    let id = sessions::insert(
        tx.conn(),
        &NewSession {
            user_id: user.id,
            token_hash: &secret_hash(&secret),
            created_at: now.naive_utc(),
            last_used_at: now.naive_utc(),
            expires_at: (now + lifetime).naive_utc(),
            user_agent: &device.user_agent,
            ip: &device.ip,
        },
    )?;
    users::touch_login(tx.conn(), user.id, now.naive_utc())?;
    Ok(Session {
        claims: AccessClaims { user_id: user.id, session_id: id, epoch: user.token_epoch },
        refresh_token: format!("{id}.{secret}"),
        user: signed_in(&user, technician),
    })
}

/// What a refresh led to.
pub enum Refreshed {
    Renewed(Session),
    /// The token was used before: someone has a copy, so the whole family is ended.
    Replayed,
}

/// Exchanges a refresh token for the next one.
///
/// # Errors
/// [`ErrorCode::NotAuthenticated`] if the token is unknown or has ended.
pub fn refresh(tx: &mut Tx<'_>, token: &str, lifetime: TimeDelta) -> Result<Refreshed> {
    let refused = || Error::refuse(ErrorCode::NotAuthenticated);
    let now = tx.now();
    let (id, secret) = token.split_once('.').ok_or_else(refused)?;
    let id: SessionId = id.parse().map_err(|_| refused())?;
    let session = sessions::find(tx.conn(), id)?.ok_or_else(refused)?;
    if session.revoked_at.is_some() || session.expires_at <= now.naive_utc() {
        return Err(refused());
    }
    let (user, technician) = users::find(tx.conn(), session.user_id)?.ok_or_else(refused)?;
    if !user.active {
        return Err(refused());
    }
    let old_hash = secret_hash(secret);
    let secret = random_secret();
    let expires_at = (now + lifetime).naive_utc();
    let new_hash = secret_hash(&secret);
    if !sessions::rotate(tx.conn(), id, &old_hash, &new_hash, now.naive_utc(), expires_at)? {
        log::warn!("refresh token of session {id} was replayed; the session is ended");
        end_session(tx, id, user.id)?;
        return Ok(Refreshed::Replayed);
    }
    Ok(Refreshed::Renewed(Session {
        claims: AccessClaims { user_id: user.id, session_id: id, epoch: user.token_epoch },
        refresh_token: format!("{id}.{secret}"),
        user: signed_in(&user, technician),
    }))
}

fn end_session(tx: &mut Tx<'_>, id: SessionId, user: UserId) -> Result<()> {
    let now = tx.now().naive_utc();
    sessions::revoke(tx.conn(), id, now)?;
    tx.emit(LiveEvent::UserChanged(UserEvent { id: user }));
    Ok(())
}

/// Signs a device out. An unknown token is as good as signed out.
///
/// # Errors
/// The database fails.
pub fn logout(tx: &mut Tx<'_>, token: &str) -> Result<()> {
    let Some((id, secret)) = token.split_once('.') else { return Ok(()) };
    let Ok(id) = id.parse::<SessionId>() else { return Ok(()) };
    match sessions::find(tx.conn(), id)? {
        Some(session) if session.token_hash == secret_hash(secret) => {
            end_session(tx, id, session.user_id)
        }
        _ => Ok(()),
    }
}

/// The facts of the login that a session belongs to; `None` once the session has ended.
///
/// # Errors
/// The database fails.
pub fn session_facts(conn: &mut Conn, id: SessionId) -> Result<Option<LoginFacts>> {
    match sessions::find(conn, id)? {
        Some(session) if session.revoked_at.is_none() => facts(conn, session.user_id),
        _ => Ok(None),
    }
}

/// Sets the caller's own new password; every device has to sign in again.
///
/// # Errors
/// [`ErrorCode::WrongPassword`] if the stored hash is no longer the one that was compared.
pub fn change_password(
    tx: &mut Tx<'_>,
    actor: &Actor,
    compared_hash: &str,
    new_hash: &str,
) -> Result<()> {
    let (user, _) = users::find(tx.conn(), actor.user_id)?.or_not_found()?;
    if user.password_hash != compared_hash {
        return Err(Error::field("current_password", ErrorCode::WrongPassword));
    }
    let now = tx.now().naive_utc();
    users::set_password(tx.conn(), user.id, new_hash, false, now)?;
    sessions::revoke_all(tx.conn(), user.id, now)?;
    let deed = Deed { action: "user.change_password", entity: "user", entity_id: user.id.0 };
    audit::record::<(), ()>(tx, actor, deed, None, None)?;
    tx.emit(LiveEvent::UserChanged(UserEvent { id: user.id }));
    Ok(())
}

/// A ticket that opens one WebSocket.
///
/// # Errors
/// The database fails.
pub fn issue_ticket(tx: &mut Tx<'_>, actor: &Actor) -> Result<String> {
    let ticket = random_secret();
    let now = tx.now();
    let expires_at = (now + TICKET_LIFETIME).naive_utc();
    ws_tickets::insert(
        tx.conn(),
        &secret_hash(&ticket),
        actor.user_id,
        now.naive_utc(),
        expires_at,
    )?;
    Ok(ticket)
}

/// Uses a ticket up: whose it was.
///
/// # Errors
/// [`ErrorCode::NotAuthenticated`] if it is unknown, used or too old.
pub fn redeem_ticket(tx: &mut Tx<'_>, ticket: &str) -> Result<UserId> {
    let now = tx.now().naive_utc();
    ws_tickets::take(tx.conn(), &secret_hash(ticket), now)?
        .ok_or_else(|| Error::refuse(ErrorCode::NotAuthenticated))
}
