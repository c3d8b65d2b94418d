//! Sessions: the devices on which a user is signed in.

use chrono::{DateTime, Utc};
use db::tables::sessions::{self as table, DeviceRow};
use db::tables::users as logins;
use db::{Conn, Tx};
use serde::Serialize;
use shared::audit::AuditAction;
use shared::live::{LiveEvent, SessionEvent};
use shared::session::AuthSession;
use shared::{ErrorCode, Page, SessionId, UserId};

use crate::Actor;
use crate::accounts::{self, AccountState};
use crate::audit::{self, AuditEvent};
use crate::error::{Error, Result};
use crate::pagination;

/// Maximum sessions listed; the most recently used come first.
const MAX_LISTED_SESSIONS: i64 = 200;

/// State of the account that a session belongs to; `None` once the session has ended.
pub fn account_state(conn: &mut Conn, id: SessionId) -> Result<Option<AccountState>> {
    match table::find_with_user(conn, id)? {
        Some((session, login)) if session.revoked_at.is_none() => {
            let facts = accounts::account_state_of(conn, login)?;
            let session_expires_at = Some(session.expires_at.and_utc());
            Ok(Some(AccountState { session_id: Some(id), session_expires_at, ..facts }))
        }
        _ => Ok(None),
    }
}

/// Expiry of a session unless it is renewed; `None` once it has ended.
pub fn expires_at(conn: &mut Conn, id: SessionId) -> Result<Option<DateTime<Utc>>> {
    let open = table::find(conn, id)?.filter(|session| session.revoked_at.is_none());
    Ok(open.map(|session| session.expires_at.and_utc()))
}

/// Lists the caller's sessions, most recently used first.
pub fn list(
    conn: &mut Conn,
    actor: &Actor,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<Page<AuthSession>> {
    let rows = table::open_for_user(conn, actor.user_id, now.naive_utc(), MAX_LISTED_SESSIONS)?;
    let view = |row: DeviceRow| AuthSession {
        id: row.id,
        created_at: row.created_at.and_utc(),
        last_used_at: row.last_used_at.and_utc(),
        expires_at: row.expires_at.and_utc(),
        ip: row.ip,
        user_agent: row.user_agent,
        current: Some(row.id) == actor.session_id,
    };
    Ok(pagination::single_page(rows.into_iter().map(view).collect()))
}

/// Ends one of the caller's sessions.
///
/// # Errors
/// `NotFound` if it is somebody else's or has ended.
pub fn end_own(tx: &mut Tx<'_>, actor: &Actor, id: SessionId) -> Result<()> {
    let now = tx.now().naive_utc();
    if !table::revoke_own(tx.conn(), id, actor.user_id, now)? {
        return Err(Error::refuse(ErrorCode::NotFound));
    }
    logins::reset_devices(tx.conn(), actor.user_id)?;
    let event = AuditEvent { action: AuditAction::SessionEnd, entity_id: id.0 };
    audit::record::<(), ()>(tx, actor, event, None, None)?;
    emit_ended(tx, id, actor.user_id);
    Ok(())
}

/// Ended sessions as recorded in the audit.
#[derive(Serialize)]
struct EndedSessions<'a> {
    sessions: &'a [SessionId],
}

/// Ends all other sessions of the caller.
pub fn end_others(tx: &mut Tx<'_>, actor: &Actor) -> Result<()> {
    let now = tx.now().naive_utc();
    logins::reset_devices(tx.conn(), actor.user_id)?;
    let ended = table::revoke_others(tx.conn(), actor.user_id, actor.session_id, now)?;
    if ended.is_empty() {
        return Ok(());
    }
    let event = AuditEvent { action: AuditAction::SessionEndOthers, entity_id: actor.user_id.0 };
    audit::record::<(), _>(tx, actor, event, None, Some(&EndedSessions { sessions: &ended }))?;
    for id in ended {
        emit_ended(tx, id, actor.user_id);
    }
    Ok(())
}

/// Ends a session together with its access tokens and connections.
pub(crate) fn end(tx: &mut Tx<'_>, id: SessionId, user: UserId) -> Result<()> {
    let now = tx.now().naive_utc();
    table::revoke(tx.conn(), id, now)?;
    emit_ended(tx, id, user);
    Ok(())
}

fn emit_ended(tx: &mut Tx<'_>, id: SessionId, user_id: UserId) {
    tx.emit(LiveEvent::SessionEnded(SessionEvent { id, user_id }));
}
