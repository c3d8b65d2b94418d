//! Notifications as the office sees them: list, resend, retention.

use chrono::TimeDelta;
use db::tables::outbox::{self as table, NotificationFilter, NotificationRow};
use db::{BackgroundWorker, Conn, Cursor, DbError, Tx};
use serde::Serialize;
use shared::audit::AuditAction;
use shared::live::{LiveEvent, NotificationsEvent};
use shared::notification::{MessageKind, MessageStatus, Notification, NotificationQuery};
use shared::{ErrorCode, NotificationId, Page, PersonalData, RegistrationId};

use crate::Actor;
use crate::audit::{self, AuditEvent};
use crate::error::{Error, OrNotFound, Result};
use crate::outbox::{Notice, addresses};
use crate::pagination::PageRequest;
use crate::personal_data::search_words;

/// How long the bot's replies are kept.
const REPLY_RETENTION: TimeDelta = TimeDelta::days(1);
/// How long other messages are kept.
const RETENTION: TimeDelta = TimeDelta::days(90);

/// Lists notifications, newest first. Replies of the bot are not included.
///
/// # Errors
/// `ValidationFailed` for an invalid limit, cursor or search text.
pub fn list(
    conn: &mut Conn,
    actor: &Actor,
    query: &NotificationQuery,
) -> Result<Page<Notification>> {
    let page = PageRequest::parse(query.limit, query.cursor.as_deref(), query.with_total)?;
    let filter = NotificationFilter {
        status: query.status.clone().map(|list| list.0).unwrap_or_default(),
        kind: query.kind.clone().map(|list| list.0).unwrap_or_default(),
        channel: query.channel,
        job_id: query.job_id,
        search_words: search_words(query.q.as_deref())?,
    };
    let rows = table::list(conn, &filter, page.cursor.as_ref(), page.fetch_limit())?;
    let total = page.with_total.then(|| table::count(conn, &filter)).transpose()?;
    let rows = rows.into_iter().map(|row| to_view(actor, row)).collect::<Result<Vec<_>>>()?;
    Ok(page.page(rows, total, |one| Cursor::text("", one.id.0), |one| one))
}

/// Audit entry of a message that is sent again.
#[derive(Serialize)]
struct ResendAudit {
    kind: MessageKind,
    status: MessageStatus,
}

/// Queues a message again that was given up, never sent, or has an unknown outcome. It goes to the
/// recipient's current address.
///
/// # Errors
/// `NotFound`; `NotResendable` if it waits or was sent; `ChannelDisabled`; `RecipientNotLinked`.
pub fn resend(tx: &mut Tx<'_>, actor: &Actor, id: NotificationId) -> Result<Notification> {
    let row = table::find(tx.conn(), id)?.or_not_found()?;
    if !row.status.can_be_resent() {
        return Err(Error::refuse(ErrorCode::NotResendable));
    }
    if !addresses::is_enabled(tx.channels(), row.channel) {
        return Err(Error::refuse(ErrorCode::ChannelDisabled));
    }
    let address = current_address(tx.conn(), &row)?;
    let address = address.ok_or(Error::refuse(ErrorCode::RecipientNotLinked))?;
    // Somebody knows better: it is tried even if the recipient refused messages a moment ago.
    addresses::allow_attempt(tx.conn(), row.channel, &address)?;
    let now = tx.now().naive_utc();
    if !table::resend(tx.conn(), id, &address, now)? {
        return Err(Error::refuse(ErrorCode::NotResendable));
    }
    let event = AuditEvent { action: AuditAction::NotificationRetry, entity_id: id.0 };
    let before = ResendAudit { kind: row.kind, status: row.status };
    let after = ResendAudit { kind: row.kind, status: MessageStatus::Pending };
    audit::record(tx, actor, event, Some(&before), Some(&after))?;
    tx.emit(LiveEvent::NotificationsUpdated(NotificationsEvent { count: 1 }));
    tx.wake(BackgroundWorker::Outbox(row.channel));
    to_view(actor, table::find(tx.conn(), id)?.or_not_found()?)
}

/// Returns the address that the recipient has now.
fn current_address(conn: &mut Conn, row: &NotificationRow) -> Result<Option<String>> {
    match row.user_id {
        Some(user) => addresses::of_user(conn, row.channel, user),
        None => Ok(row.address.clone()),
    }
}

/// Deletes messages that ended before their retention time.
pub fn delete_expired(tx: &mut Tx<'_>) -> Result<usize> {
    let now = tx.now();
    let (replies, others) = ((now - REPLY_RETENTION).naive_utc(), (now - RETENTION).naive_utc());
    Ok(table::delete_ended(tx.conn(), replies, others)?)
}

fn to_view(actor: &Actor, row: NotificationRow) -> Result<Notification> {
    let notice = serde_json::from_str(&row.payload)
        .map_err(|error| DbError::Corrupt(format!("notification {}: {error}", row.id)))?;
    let waits = row.status == MessageStatus::Pending;
    Ok(Notification {
        id: row.id,
        channel: row.channel,
        kind: row.kind,
        status: row.status,
        recipient: row.recipient,
        job_id: row.job_id,
        job_number: row.job_number,
        summary: summary(actor, notice),
        attempts: row.attempts,
        next_attempt_at: waits.then(|| row.next_attempt_at.and_utc()),
        failure: row.failure,
        created_at: row.created_at.and_utc(),
        sent_at: row.sent_at.map(|at| at.and_utc()),
    })
}

/// Returns what a message is about, without the password that one kind of notice carries.
fn summary(actor: &Actor, notice: Notice) -> String {
    let applicant = |number: RegistrationId, text: String| {
        actor
            .visible_text(PersonalData::Applicant, Some(text))
            .unwrap_or_else(|| format!("#{number}"))
    };
    match notice {
        Notice::JobOffered { number, .. }
        | Notice::OfferClosed { number, .. }
        | Notice::JobAssigned { number, .. }
        | Notice::JobTakenAway { number, .. }
        | Notice::JobCancelled { number, .. }
        | Notice::ShortStock { number, .. }
        | Notice::SlaWarning { number, .. }
        | Notice::SlaBreached { number, .. } => number,
        Notice::LowStock { name, .. } => name,
        Notice::RegistrationReceived { registration_id, name } => applicant(registration_id, name),
        Notice::RegistrationApproved { registration_id, username, .. } => {
            applicant(registration_id, username)
        }
        Notice::RegistrationRejected { registration_id, reason } => {
            applicant(registration_id, reason)
        }
        Notice::BagReturnRequested { technician, .. } => technician,
        Notice::BagReturnDecided { bag_return_id } => format!("#{bag_return_id}"),
        Notice::StorageFault { fault, .. } => fault.to_string(),
        Notice::StorageRecovered { .. } => String::new(),
    }
}
