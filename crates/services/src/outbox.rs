//! Outbox: messages to people, queued in the transaction of the change that they are about.
//!
//! - Notice: what a message is about; the channel renders it when it is sent.
//! - Reply: the bot's response to an update, rendered already.
//! - Address: where a message goes on its channel (`addresses`).
//! - Dedupe key: identifies a message, so that it exists only once.

pub(crate) mod addresses;
mod notice;

pub use notice::{MissingItem, Notice};

use db::tables::outbox::{self as table, ClaimedMessage, NewMessage, TechnicianMessage};
use db::{BackgroundWorker, Tx};
use shared::notification::{Channel, DeliveryFailure, MessageKind, MessageStatus};
use shared::{ChatId, JobId, NotificationId, TechnicianId, UserId};

use crate::error::{Result, to_json};
use addresses::ResolvedAddress;

/// Who gets a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recipient {
    User(UserId),
    Technician(TechnicianId),
    /// Every administrator.
    Admins,
    /// Every storekeeper; if there is none, every administrator.
    Warehouse,
    /// A Telegram chat of somebody without a user account.
    Chat(ChatId),
}

/// The bot's reply to somebody who waits for it.
pub(crate) const PRIORITY_REPLY: i16 = 0;
/// For one person.
pub(crate) const PRIORITY_PERSONAL: i16 = 1;
/// For many.
pub(crate) const PRIORITY_BROADCAST: i16 = 2;

/// Queues a notice. `event_key` identifies the event within its kind and recipient: a second notice
/// with the same key is dropped.
pub fn enqueue(
    tx: &mut Tx<'_>,
    recipient: Recipient,
    notice: &Notice,
    event_key: &str,
) -> Result<()> {
    let payload = serialize_notice(notice)?;
    for address in addresses::resolve(tx.conn(), recipient)? {
        let dedupe_key = table::dedupe_key(notice.kind(), &address, event_key);
        let message = MessageBody {
            kind: notice.kind(),
            payload: &payload,
            job_id: notice.job_id(),
            replaces_id: None,
            priority: PRIORITY_PERSONAL,
            dedupe_key: &dedupe_key,
        };
        insert_message(tx, &address, &message)?;
    }
    Ok(())
}

/// Queues a notice for every technician who can take a job: active, on duty, and linked with the bot.
pub fn enqueue_for_technicians(tx: &mut Tx<'_>, notice: &Notice, event_key: String) -> Result<()> {
    let channel = Channel::Telegram;
    let is_enabled = addresses::is_enabled(tx.channels(), channel);
    tx.message_technicians(TechnicianMessage {
        kind: notice.kind(),
        payload: serialize_notice(notice)?,
        job_id: notice.job_id(),
        priority: PRIORITY_BROADCAST,
        event_key,
        status: if is_enabled { MessageStatus::Pending } else { MessageStatus::Disabled },
        created_at: tx.now().naive_utc(),
    });
    Ok(())
}

/// Queues an update of the notice with this `event_key`, which replaces the earlier message.
pub fn enqueue_update(
    tx: &mut Tx<'_>,
    recipient: Recipient,
    notice: &Notice,
    event_key: &str,
) -> Result<()> {
    let payload = serialize_notice(notice)?;
    for address in addresses::resolve(tx.conn(), recipient)? {
        let earlier_key = table::dedupe_key(notice.kind(), &address, event_key);
        let Some(earlier) = table::find_id_by_dedupe_key(tx.conn(), &earlier_key)? else {
            continue;
        };
        let message = MessageBody {
            kind: notice.kind(),
            payload: &payload,
            job_id: notice.job_id(),
            replaces_id: Some(earlier),
            priority: PRIORITY_PERSONAL,
            dedupe_key: &format!("{earlier_key}:again"),
        };
        insert_message(tx, &address, &message)?;
    }
    Ok(())
}

/// Queues the bot's reply to an update. `body` is the message as the bot's channel stores it;
/// `position` numbers the replies to one update.
pub fn enqueue_reply(
    tx: &mut Tx<'_>,
    chat_id: ChatId,
    body: &str,
    update_id: i64,
    position: usize,
) -> Result<()> {
    insert_reply(tx, chat_id, body, &reply_key(update_id, position), None)
}

/// Queues a reply that replaces the first reply to an earlier update. If that one was not sent yet,
/// only its text is changed.
pub fn enqueue_reply_edit(
    tx: &mut Tx<'_>,
    chat_id: ChatId,
    body: &str,
    update_id: i64,
    earlier_update: i64,
) -> Result<()> {
    let earlier = table::find_id_by_dedupe_key(tx.conn(), &reply_key(earlier_update, 0))?;
    if let Some(earlier) = earlier
        && table::update_pending_payload(tx.conn(), earlier, body)?
    {
        return Ok(());
    }
    insert_reply(tx, chat_id, body, &reply_key(update_id, 0), earlier)
}

fn reply_key(update_id: i64, position: usize) -> String {
    format!("reply:{update_id}:{position}")
}

fn insert_reply(
    tx: &mut Tx<'_>,
    chat_id: ChatId,
    body: &str,
    dedupe_key: &str,
    replaces_id: Option<NotificationId>,
) -> Result<()> {
    let user_id = addresses::user_of_chat(tx.conn(), chat_id)?;
    let kind = MessageKind::Reply;
    let message = MessageBody {
        kind,
        payload: body,
        job_id: None,
        replaces_id,
        priority: PRIORITY_REPLY,
        dedupe_key,
    };
    insert_message(tx, &addresses::telegram(user_id, Some(chat_id)), &message)
}

/// Closes the offers of a job: those that were not sent are withdrawn, the others are edited.
pub fn close_offers(tx: &mut Tx<'_>, job_id: JobId, number: &str) -> Result<()> {
    let notice = Notice::OfferClosed { job_id, number: number.to_owned() };
    let payload = serialize_notice(&notice)?;
    tx.write_technician_messages()?;
    for offer in table::withdraw_offers(tx.conn(), job_id)? {
        let message = MessageBody {
            kind: notice.kind(),
            payload: &payload,
            job_id: Some(job_id),
            replaces_id: Some(offer.id),
            priority: PRIORITY_PERSONAL,
            dedupe_key: &format!("offer_closed:{}", offer.id),
        };
        let table::OfferRow { user_id, channel, address, .. } = offer;
        insert_message(tx, &ResolvedAddress { user_id, channel, address }, &message)?;
    }
    Ok(())
}

/// A message without its address.
struct MessageBody<'a> {
    kind: MessageKind,
    payload: &'a str,
    job_id: Option<JobId>,
    replaces_id: Option<NotificationId>,
    priority: i16,
    dedupe_key: &'a str,
}

fn insert_message(
    tx: &mut Tx<'_>,
    address: &ResolvedAddress,
    message: &MessageBody<'_>,
) -> Result<()> {
    let is_enabled = addresses::is_enabled(tx.channels(), address.channel);
    let (status, failure) = match (is_enabled, &address.address) {
        (true, Some(_)) => (MessageStatus::Pending, None),
        (true, None) => (MessageStatus::Disabled, Some(DeliveryFailure::NotLinked)),
        (false, _) => (MessageStatus::Disabled, None),
    };
    let created_at = tx.now().naive_utc();
    let row = NewMessage {
        channel: address.channel,
        user_id: address.user_id,
        address: address.address.as_deref(),
        kind: message.kind,
        payload: message.payload,
        job_id: message.job_id,
        replaces_id: message.replaces_id,
        priority: message.priority,
        dedupe_key: message.dedupe_key,
        status,
        failure,
        created_at,
    };
    table::insert(tx.conn(), &row)?;
    tx.wake(BackgroundWorker::Outbox(address.channel));
    Ok(())
}

fn serialize_notice(notice: &Notice) -> Result<String> {
    to_json(notice)
}

/// Returns the payload of a message without its secret; `None` if it has none.
pub(crate) fn redacted_payload(message: &ClaimedMessage) -> Result<Option<String>> {
    if message.kind != MessageKind::RegistrationApproved {
        return Ok(None);
    }
    match serde_json::from_str(&message.payload) {
        Ok(Notice::RegistrationApproved { registration_id, username, .. }) => {
            let encrypted_password = String::new();
            serialize_notice(&Notice::RegistrationApproved {
                registration_id,
                username,
                encrypted_password,
            })
            .map(Some)
        }
        _ => Ok(None),
    }
}
