//! What was told to whom, and sending again what did not arrive.

use chrono::TimeDelta;
use db::tables::outbox::{self as table, NotificationFilter, NotificationRow};
use db::tables::telegram_links;
use db::{BackgroundWorker, Conn, Cursor, DbError, Tx};
use serde::Serialize;
use shared::audit::AuditAction;
use shared::live::{LiveEvent, NotificationsEvent};
use shared::notification::{Channel, MessageKind, MessageStatus, Notification, NotificationQuery};
use shared::{ChatId, ErrorCode, NotificationId, Page, PersonalData, RegistrationId};

use crate::Actor;
use crate::audit::{self, AuditEvent};
use crate::error::{Error, OrNotFound, Result};
use crate::outbox::Notice;
use crate::pagination::PageRequest;
use crate::personal_data::search_words;

/// How long the bot's answers are kept.
const REPLY_RETENTION: TimeDelta = TimeDelta::days(1);
/// How long other messages are kept.
const RETENTION: TimeDelta = TimeDelta::days(90);

/// Messages, newest first, a page at a time; never the bot's answers.
///
/// # Errors
/// A wrong limit or mark.
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

/// What the audit keeps of a message that is sent again.
#[derive(Serialize)]
struct ResendAudit {
    kind: MessageKind,
    status: MessageStatus,
}

/// Sends a message again that was given up or never sent: to the chat that its login has now.
///
/// # Errors
/// [`ErrorCode::NotResendable`] if it waits or was sent; [`ErrorCode::ChannelDisabled`];
/// [`ErrorCode::RecipientNotLinked`].
pub fn resend(tx: &mut Tx<'_>, actor: &Actor, id: NotificationId) -> Result<Notification> {
    let row = table::find(tx.conn(), id)?.or_not_found()?;
    if !row.status.can_be_resent() {
        return Err(Error::refuse(ErrorCode::NotResendable));
    }
    let on = match row.channel {
        Channel::Telegram => tx.channels().telegram,
        Channel::Whatsapp => tx.channels().whatsapp,
    };
    if !on {
        return Err(Error::refuse(ErrorCode::ChannelDisabled));
    }
    let chat =
        current_chat(tx.conn(), &row)?.ok_or(Error::refuse(ErrorCode::RecipientNotLinked))?;
    let now = tx.now().naive_utc();
    if !table::resend(tx.conn(), id, chat, now)? {
        return Err(Error::refuse(ErrorCode::NotResendable));
    }
    let event = AuditEvent { action: AuditAction::NotificationRetry, entity_id: id.0 };
    let before = ResendAudit { kind: row.kind, status: row.status };
    let after = ResendAudit { kind: row.kind, status: MessageStatus::Pending };
    audit::record(tx, actor, event, Some(&before), Some(&after))?;
    tx.emit(LiveEvent::NotificationsUpdated(NotificationsEvent { count: 1 }));
    tx.wake(BackgroundWorker::Outbox);
    to_view(actor, table::find(tx.conn(), id)?.or_not_found()?)
}

/// Where the message would go now.
fn current_chat(conn: &mut Conn, row: &NotificationRow) -> Result<Option<ChatId>> {
    match row.user_id {
        Some(user) => Ok(telegram_links::find_by_user(conn, user)?.map(|link| link.chat_id)),
        None => Ok(row.chat_id),
    }
}

/// Forgets messages that came to their end long ago.
///
/// # Errors
/// The database fails.
pub fn delete_expired(tx: &mut Tx<'_>) -> Result<usize> {
    let now = tx.now();
    let (answers, others) = ((now - REPLY_RETENTION).naive_utc(), (now - RETENTION).naive_utc());
    Ok(table::delete_ended(tx.conn(), answers, others)?)
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

/// What a message is about. Never the password that one of them carries.
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
        Notice::StorageTrouble { fault, .. } => fault.to_string(),
        Notice::StorageRecovered { .. } => String::new(),
    }
}
