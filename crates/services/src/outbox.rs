//! Messages to people, queued in the transaction of the change that they tell of.

mod notice;

pub use notice::{MissingItem, Notice};

use db::tables::outbox::{self as table, ClaimedMessage, NewMessage};
use db::tables::{technicians, telegram_links, users};
use db::{BackgroundWorker, Conn, Tx};
use shared::notification::{Channel, DeliveryFailure, MessageKind, MessageStatus};
use shared::{ChatId, JobId, NotificationId, TechnicianId, UserId};

use crate::error::{Result, to_json};

/// Who gets a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recipient {
    User(UserId),
    Technician(TechnicianId),
    /// Every technician who may take a job now: active, on duty, and reached by the bot.
    Technicians,
    /// Everyone who runs the operation.
    Admins,
    /// Everyone who keeps the warehouse; where that is nobody's job, everyone who runs the operation.
    Warehouse,
    /// Somebody who has no login yet.
    Chat(ChatId),
}

/// Where one message goes.
#[derive(Debug, Clone, Copy)]
struct ResolvedAddress {
    user_id: Option<UserId>,
    chat_id: Option<ChatId>,
}

impl std::fmt::Display for ResolvedAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.user_id, self.chat_id) {
            (Some(user), _) => write!(f, "user:{user}"),
            (None, Some(chat)) => write!(f, "chat:{chat}"),
            (None, None) => f.write_str("nobody"),
        }
    }
}

/// The bot's answer to somebody who waits for it.
pub(crate) const PRIORITY_REPLY: i16 = 0;
/// For one person.
pub(crate) const PRIORITY_PERSONAL: i16 = 1;
/// For many.
pub(crate) const PRIORITY_BROADCAST: i16 = 2;

/// Queues a message. `occasion` tells apart two messages of the same kind to the same person; a
/// second one for the same occasion is dropped.
///
/// # Errors
/// The database fails.
pub fn enqueue(
    tx: &mut Tx<'_>,
    recipient: Recipient,
    notice: &Notice,
    occasion: &str,
) -> Result<()> {
    let payload = serialize_notice(notice)?;
    let priority =
        if recipient == Recipient::Technicians { PRIORITY_BROADCAST } else { PRIORITY_PERSONAL };
    for address in resolve_addresses(tx.conn(), recipient)? {
        let dedupe_key = format!("{}:{address}:{occasion}", notice.kind());
        let message = MessageBody {
            kind: notice.kind(),
            payload: &payload,
            job_id: notice.job_id(),
            replaces_id: None,
            priority,
            dedupe_key: &dedupe_key,
        };
        insert_message(tx, address, &message)?;
    }
    Ok(())
}

/// Tells anew what was told for this occasion, in place of the earlier message: things have moved on.
///
/// # Errors
/// The database fails.
pub fn enqueue_update(
    tx: &mut Tx<'_>,
    recipient: Recipient,
    notice: &Notice,
    occasion: &str,
) -> Result<()> {
    let payload = serialize_notice(notice)?;
    for address in resolve_addresses(tx.conn(), recipient)? {
        let earlier_key = format!("{}:{address}:{occasion}", notice.kind());
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
        insert_message(tx, address, &message)?;
    }
    Ok(())
}

/// Queues the bot's answer to an update. `body` is the message in the form that the bot gives it;
/// `position` counts the answers to one update.
///
/// # Errors
/// The database fails.
pub fn enqueue_reply(
    tx: &mut Tx<'_>,
    chat_id: ChatId,
    body: &str,
    update_id: i64,
    position: usize,
) -> Result<()> {
    insert_reply(tx, chat_id, body, &reply_key(update_id, position), None)
}

/// Queues an answer that takes the place of the first answer to an earlier update. Of one that was
/// not sent yet only the words are changed.
///
/// # Errors
/// The database fails.
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
    let user_id = telegram_links::find_by_chat(tx.conn(), chat_id)?.map(|link| link.user_id);
    let kind = MessageKind::Reply;
    let message = MessageBody {
        kind,
        payload: body,
        job_id: None,
        replaces_id,
        priority: PRIORITY_REPLY,
        dedupe_key,
    };
    insert_message(tx, ResolvedAddress { user_id, chat_id: Some(chat_id) }, &message)
}

/// Takes the offers of a job back: those that were not sent yet never are, the others are changed.
///
/// # Errors
/// The database fails.
pub fn close_offers(tx: &mut Tx<'_>, job_id: JobId, number: &str) -> Result<()> {
    let notice = Notice::OfferClosed { job_id, number: number.to_owned() };
    let payload = serialize_notice(&notice)?;
    for offer in table::withdraw_offers(tx.conn(), job_id)? {
        let message = MessageBody {
            kind: notice.kind(),
            payload: &payload,
            job_id: Some(job_id),
            replaces_id: Some(offer.id),
            priority: PRIORITY_PERSONAL,
            dedupe_key: &format!("offer_closed:{}", offer.id),
        };
        insert_message(
            tx,
            ResolvedAddress { user_id: offer.user_id, chat_id: offer.chat_id },
            &message,
        )?;
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
    address: ResolvedAddress,
    message: &MessageBody<'_>,
) -> Result<()> {
    let (status, failure) = match (tx.channels().telegram, address.chat_id) {
        (true, Some(_)) => (MessageStatus::Pending, None),
        (true, None) => (MessageStatus::Disabled, Some(DeliveryFailure::NotLinked)),
        (false, _) => (MessageStatus::Disabled, None),
    };
    let created_at = tx.now().naive_utc();
    let row = NewMessage {
        channel: Channel::Telegram,
        user_id: address.user_id,
        chat_id: address.chat_id,
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
    tx.wake(BackgroundWorker::Outbox);
    Ok(())
}

fn resolve_addresses(conn: &mut Conn, recipient: Recipient) -> Result<Vec<ResolvedAddress>> {
    let users = match recipient {
        Recipient::Chat(chat) => {
            return Ok(vec![ResolvedAddress { user_id: None, chat_id: Some(chat) }]);
        }
        Recipient::Technicians => {
            let links = telegram_links::for_technicians_on_duty(conn)?;
            let address = |link: telegram_links::TelegramLinkRow| ResolvedAddress {
                user_id: Some(link.user_id),
                chat_id: Some(link.chat_id),
            };
            return Ok(links.into_iter().map(address).collect());
        }
        Recipient::User(user) => vec![user],
        Recipient::Technician(id) => technicians::find_user_id(conn, id)?.into_iter().collect(),
        Recipient::Admins => users::active_admins(conn)?,
        Recipient::Warehouse => match users::active_storekeepers(conn)? {
            keepers if keepers.is_empty() => users::active_admins(conn)?,
            keepers => keepers,
        },
    };
    let links = telegram_links::for_users(conn, &users)?;
    let chat = |user| links.iter().find(|link| link.user_id == user).map(|link| link.chat_id);
    Ok(users
        .into_iter()
        .map(|user| ResolvedAddress { user_id: Some(user), chat_id: chat(user) })
        .collect())
}

fn serialize_notice(notice: &Notice) -> Result<String> {
    to_json(notice)
}

/// The payload of a message without the secret that it has told; `None` if it told none.
pub(crate) fn redacted_payload(message: &ClaimedMessage) -> Result<Option<String>> {
    if message.kind != MessageKind::RegistrationApproved {
        return Ok(None);
    }
    match serde_json::from_str(&message.payload) {
        Ok(Notice::RegistrationApproved { registration_id, username, .. }) => {
            let sealed_password = String::new();
            serialize_notice(&Notice::RegistrationApproved {
                registration_id,
                username,
                sealed_password,
            })
            .map(Some)
        }
        _ => Ok(None),
    }
}
