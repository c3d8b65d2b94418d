//! Messages to people, queued in the transaction of the change that they tell of.

use chrono::{DateTime, Utc};
use db::tables::outbox::{self as table, DueMessage, NewMessage};
use db::tables::{technicians, telegram_links, users};
use db::{Conn, DbError, Tx, Worker};
use serde::{Deserialize, Serialize};
use shared::job::JobPriority;
use shared::message::{Channel, DeliveryFailure, MessageKind, MessageStatus};
use shared::{
    BagReturnId, ChatId, ItemId, JobId, NotificationId, RegistrationId, StorageFault, TechnicianId,
    UserId,
};

use crate::error::{Error, Result};
use crate::storage_alerts::StoragePlace;

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
struct Address {
    user_id: Option<UserId>,
    chat_id: Option<ChatId>,
}

impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.user_id, self.chat_id) {
            (Some(user), _) => write!(f, "user:{user}"),
            (None, Some(chat)) => write!(f, "chat:{chat}"),
            (None, None) => f.write_str("nobody"),
        }
    }
}

/// The bot's answer to somebody who waits for it.
pub(crate) const FIRST: i16 = 0;
/// For one person.
pub(crate) const PERSONAL: i16 = 1;
/// For many.
pub(crate) const BROADCAST: i16 = 2;

/// What a message tells. Whoever delivers it puts it into the words of its channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Notice {
    /// A job is open: take it or leave it.
    JobOffered {
        job_id: JobId,
        number: String,
        priority: JobPriority,
    },
    /// An offer that was sent earlier is no longer to be had.
    OfferClosed {
        job_id: JobId,
        number: String,
    },
    JobAssigned {
        job_id: JobId,
        number: String,
    },
    JobTakenAway {
        job_id: JobId,
        number: String,
    },
    JobCancelled {
        job_id: JobId,
        number: String,
    },
    /// Material was missing in the warehouse when the job was accepted.
    ShortStock {
        job_id: JobId,
        number: String,
        missing: Vec<Missing>,
    },
    /// A quarter of the job's time is left.
    SlaWarning {
        job_id: JobId,
        number: String,
        due_at: DateTime<Utc>,
    },
    /// The job's due time has passed.
    SlaBreached {
        job_id: JobId,
        number: String,
        due_at: DateTime<Utc>,
    },
    LowStock {
        item_id: ItemId,
        code: String,
        name: String,
        on_hand: i64,
        min_stock: i64,
    },
    /// Somebody asks to become a technician.
    RegistrationReceived {
        registration_id: RegistrationId,
        name: String,
    },
    /// The applicant is in; `username` is the new login.
    RegistrationApproved {
        registration_id: RegistrationId,
        username: String,
        /// The first password, sealed for this registration.
        sealed_password: String,
    },
    RegistrationRejected {
        registration_id: RegistrationId,
        reason: String,
    },
    /// A technician brings leftovers to the warehouse.
    BagReturnRequested {
        bag_return_id: BagReturnId,
        technician: String,
    },
    /// The warehouse has counted what was brought back.
    BagReturnDecided {
        bag_return_id: BagReturnId,
    },
    /// The storage of the server can't be used as usual.
    StorageTrouble {
        place: StoragePlace,
        fault: StorageFault,
    },
    /// The storage of the server is in order again.
    StorageRecovered {
        place: StoragePlace,
    },
}

/// What was missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missing {
    pub item_id: ItemId,
    pub name: String,
    pub quantity: i64,
}

impl Notice {
    /// What the message is about.
    pub const fn kind(&self) -> MessageKind {
        match self {
            Notice::JobOffered { .. } => MessageKind::JobOffered,
            Notice::OfferClosed { .. } => MessageKind::OfferClosed,
            Notice::JobAssigned { .. } => MessageKind::JobAssigned,
            Notice::JobTakenAway { .. } => MessageKind::JobTakenAway,
            Notice::JobCancelled { .. } => MessageKind::JobCancelled,
            Notice::ShortStock { .. } => MessageKind::ShortStock,
            Notice::SlaWarning { .. } => MessageKind::SlaWarning,
            Notice::SlaBreached { .. } => MessageKind::SlaBreached,
            Notice::LowStock { .. } => MessageKind::LowStock,
            Notice::RegistrationReceived { .. } => MessageKind::RegistrationReceived,
            Notice::RegistrationApproved { .. } => MessageKind::RegistrationApproved,
            Notice::RegistrationRejected { .. } => MessageKind::RegistrationRejected,
            Notice::BagReturnRequested { .. } => MessageKind::BagReturnRequested,
            Notice::BagReturnDecided { .. } => MessageKind::BagReturnDecided,
            Notice::StorageTrouble { .. } => MessageKind::StorageTrouble,
            Notice::StorageRecovered { .. } => MessageKind::StorageRecovered,
        }
    }

    /// The job that the message is about.
    pub const fn job_id(&self) -> Option<JobId> {
        match self {
            Notice::JobOffered { job_id, .. }
            | Notice::OfferClosed { job_id, .. }
            | Notice::JobAssigned { job_id, .. }
            | Notice::JobTakenAway { job_id, .. }
            | Notice::JobCancelled { job_id, .. }
            | Notice::ShortStock { job_id, .. }
            | Notice::SlaWarning { job_id, .. }
            | Notice::SlaBreached { job_id, .. } => Some(*job_id),
            Notice::LowStock { .. }
            | Notice::RegistrationReceived { .. }
            | Notice::RegistrationApproved { .. }
            | Notice::RegistrationRejected { .. }
            | Notice::BagReturnRequested { .. }
            | Notice::BagReturnDecided { .. }
            | Notice::StorageTrouble { .. }
            | Notice::StorageRecovered { .. } => None,
        }
    }
}

/// Queues a message. `occasion` tells apart two messages of the same kind to the same person; a
/// second one for the same occasion is dropped.
///
/// # Errors
/// The database fails.
pub fn send(tx: &mut Tx<'_>, recipient: Recipient, notice: &Notice, occasion: &str) -> Result<()> {
    let payload = json(notice)?;
    let priority = if recipient == Recipient::Technicians { BROADCAST } else { PERSONAL };
    for address in addresses(tx.conn(), recipient)? {
        let dedupe_key = format!("{}:{address}:{occasion}", notice.kind());
        let message = Queued {
            kind: notice.kind(),
            payload: &payload,
            job_id: notice.job_id(),
            replaces_id: None,
            priority,
            dedupe_key: &dedupe_key,
        };
        queue(tx, address, &message)?;
    }
    Ok(())
}

/// Tells anew what was told for this occasion, in place of the earlier message: things have moved on.
///
/// # Errors
/// The database fails.
pub fn send_again(
    tx: &mut Tx<'_>,
    recipient: Recipient,
    notice: &Notice,
    occasion: &str,
) -> Result<()> {
    let payload = json(notice)?;
    for address in addresses(tx.conn(), recipient)? {
        let earlier_key = format!("{}:{address}:{occasion}", notice.kind());
        let Some(earlier) = table::id_of(tx.conn(), &earlier_key)? else { continue };
        let message = Queued {
            kind: notice.kind(),
            payload: &payload,
            job_id: notice.job_id(),
            replaces_id: Some(earlier),
            priority: PERSONAL,
            dedupe_key: &format!("{earlier_key}:again"),
        };
        queue(tx, address, &message)?;
    }
    Ok(())
}

/// Queues the bot's answer to an update. `body` is the message in the form that the bot gives it;
/// `position` counts the answers to one update.
///
/// # Errors
/// The database fails.
pub fn reply(
    tx: &mut Tx<'_>,
    chat_id: ChatId,
    body: &str,
    update_id: i64,
    position: usize,
) -> Result<()> {
    answer(tx, chat_id, body, &reply_key(update_id, position), None)
}

/// Queues an answer that takes the place of the first answer to an earlier update. Of one that was
/// not sent yet only the words are changed.
///
/// # Errors
/// The database fails.
pub fn reply_over(
    tx: &mut Tx<'_>,
    chat_id: ChatId,
    body: &str,
    update_id: i64,
    earlier_update: i64,
) -> Result<()> {
    let earlier = table::id_of(tx.conn(), &reply_key(earlier_update, 0))?;
    if let Some(earlier) = earlier
        && table::rewrite(tx.conn(), earlier, body)?
    {
        return Ok(());
    }
    answer(tx, chat_id, body, &reply_key(update_id, 0), earlier)
}

fn reply_key(update_id: i64, position: usize) -> String {
    format!("reply:{update_id}:{position}")
}

fn answer(
    tx: &mut Tx<'_>,
    chat_id: ChatId,
    body: &str,
    dedupe_key: &str,
    replaces_id: Option<NotificationId>,
) -> Result<()> {
    let user_id = telegram_links::of_chat(tx.conn(), chat_id)?.map(|link| link.user_id);
    let kind = MessageKind::Reply;
    let message =
        Queued { kind, payload: body, job_id: None, replaces_id, priority: FIRST, dedupe_key };
    queue(tx, Address { user_id, chat_id: Some(chat_id) }, &message)
}

/// Takes the offers of a job back: those that were not sent yet never are, the others are changed.
///
/// # Errors
/// The database fails.
pub fn close_offers(tx: &mut Tx<'_>, job_id: JobId, number: &str) -> Result<()> {
    let notice = Notice::OfferClosed { job_id, number: number.to_owned() };
    let payload = json(&notice)?;
    for offer in table::withdraw_offers(tx.conn(), job_id)? {
        let message = Queued {
            kind: notice.kind(),
            payload: &payload,
            job_id: Some(job_id),
            replaces_id: Some(offer.id),
            priority: PERSONAL,
            dedupe_key: &format!("offer_closed:{}", offer.id),
        };
        queue(tx, Address { user_id: offer.user_id, chat_id: offer.chat_id }, &message)?;
    }
    Ok(())
}

/// A message without its address.
struct Queued<'a> {
    kind: MessageKind,
    payload: &'a str,
    job_id: Option<JobId>,
    replaces_id: Option<NotificationId>,
    priority: i16,
    dedupe_key: &'a str,
}

fn queue(tx: &mut Tx<'_>, address: Address, message: &Queued<'_>) -> Result<()> {
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
    tx.wake(Worker::Outbox);
    Ok(())
}

fn addresses(conn: &mut Conn, recipient: Recipient) -> Result<Vec<Address>> {
    let users = match recipient {
        Recipient::Chat(chat) => {
            return Ok(vec![Address { user_id: None, chat_id: Some(chat) }]);
        }
        Recipient::Technicians => {
            let links = telegram_links::of_technicians_on_duty(conn)?;
            let address = |link: telegram_links::TelegramLinkRow| Address {
                user_id: Some(link.user_id),
                chat_id: Some(link.chat_id),
            };
            return Ok(links.into_iter().map(address).collect());
        }
        Recipient::User(user) => vec![user],
        Recipient::Technician(id) => technicians::user_of(conn, id)?.into_iter().collect(),
        Recipient::Admins => users::active_admins(conn)?,
        Recipient::Warehouse => match users::active_storekeepers(conn)? {
            keepers if keepers.is_empty() => users::active_admins(conn)?,
            keepers => keepers,
        },
    };
    let links = telegram_links::of_users(conn, &users)?;
    let chat = |user| links.iter().find(|link| link.user_id == user).map(|link| link.chat_id);
    Ok(users.into_iter().map(|user| Address { user_id: Some(user), chat_id: chat(user) }).collect())
}

fn json(notice: &Notice) -> Result<String> {
    serde_json::to_string(notice).map_err(|error| Error::Db(DbError::Corrupt(error.to_string())))
}

/// The payload of a message without the secret that it has told; `None` if it told none.
pub(crate) fn without_secret(message: &DueMessage) -> Result<Option<String>> {
    if message.kind != MessageKind::RegistrationApproved {
        return Ok(None);
    }
    match serde_json::from_str(&message.payload) {
        Ok(Notice::RegistrationApproved { registration_id, username, .. }) => {
            let sealed_password = String::new();
            json(&Notice::RegistrationApproved { registration_id, username, sealed_password })
                .map(Some)
        }
        _ => Ok(None),
    }
}
