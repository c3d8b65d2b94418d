//! Addresses of people on each channel: who gets a message, and where.
//!
//! A new channel adds its address book to the `match`es here.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use db::tables::{outbox, technicians, telegram_links, users};
use db::{BackgroundWorker, Channels, Conn, Tx};
use shared::live::{LiveEvent, NotificationsEvent};
use shared::notification::Channel;
use shared::{ChatId, UserId};

use super::Recipient;
use crate::error::Result;

/// One recipient on one channel.
#[derive(Debug, Clone)]
pub(crate) struct ResolvedAddress {
    pub user_id: Option<UserId>,
    pub channel: Channel,
    /// None if the user has not connected the channel.
    pub address: Option<String>,
}

/// The stable part of dedupe keys.
impl std::fmt::Display for ResolvedAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.user_id, &self.address) {
            (Some(user), _) => write!(f, "user:{user}"),
            (None, Some(address)) => write!(f, "chat:{address}"),
            (None, None) => f.write_str("nobody"),
        }
    }
}

/// Whether this server delivers over a channel.
pub(crate) const fn is_enabled(channels: Channels, channel: Channel) -> bool {
    match channel {
        Channel::Telegram => channels.telegram,
        Channel::Whatsapp => channels.whatsapp,
    }
}

/// Returns the address of a user on a channel.
pub(crate) fn of_user(conn: &mut Conn, channel: Channel, user: UserId) -> Result<Option<String>> {
    Ok(match channel {
        Channel::Telegram => {
            telegram_links::find_by_user(conn, user)?.map(|link| link.chat_id.to_string())
        }
        Channel::Whatsapp => None,
    })
}

/// Returns the user account of a Telegram chat, if they are linked.
pub(super) fn user_of_chat(conn: &mut Conn, chat: ChatId) -> Result<Option<UserId>> {
    Ok(telegram_links::find_by_chat(conn, chat)?.map(|link| link.user_id))
}

/// How long a recipient who refuses messages is left alone. Then one message is tried: the notice that they
/// accept messages again may have been lost.
const BLOCKED_PAUSE: TimeDelta = TimeDelta::hours(1);
/// How old messages may be that are sent when a recipient accepts messages again.
const REVIVED_AGE: TimeDelta = TimeDelta::hours(6);

/// Whether a user refuses messages on a channel at this time.
pub(crate) fn is_blocked(
    conn: &mut Conn,
    channel: Channel,
    user: UserId,
    now: DateTime<Utc>,
) -> Result<bool> {
    Ok(match channel {
        Channel::Telegram => {
            let link = telegram_links::find_by_user(conn, user)?;
            let since = link.and_then(|link| link.blocked_at);
            since.is_some_and(|since| since.and_utc() + BLOCKED_PAUSE > now)
        }
        Channel::Whatsapp => false,
    })
}

/// Records that an address accepts messages. If it refused them before, those of the last hours are sent.
pub(crate) fn mark_reachable(tx: &mut Tx<'_>, channel: Channel, address: &str) -> Result<bool> {
    let was_blocked = match (channel, address.parse()) {
        (Channel::Telegram, Ok(chat)) => telegram_links::clear_blocked(tx.conn(), ChatId(chat))?,
        _ => false,
    };
    if was_blocked {
        revive(tx, channel, address)?;
    }
    Ok(was_blocked)
}

/// Lets the next message be tried although its recipient refused messages.
pub(crate) fn allow_attempt(conn: &mut Conn, channel: Channel, address: &str) -> Result<()> {
    if let (Channel::Telegram, Ok(chat)) = (channel, address.parse()) {
        telegram_links::clear_blocked(conn, ChatId(chat))?;
    }
    Ok(())
}

/// Queues the messages of the last hours again that an address has refused.
pub(crate) fn revive(tx: &mut Tx<'_>, channel: Channel, address: &str) -> Result<()> {
    let now = tx.now();
    let since = (now - REVIVED_AGE).naive_utc();
    let revived = outbox::revive_blocked(tx.conn(), channel, address, since, now.naive_utc())?;
    if revived > 0 {
        tx.emit(LiveEvent::NotificationsUpdated(NotificationsEvent { count: revived }));
        tx.wake(BackgroundWorker::Outbox(channel));
    }
    Ok(())
}

/// Stores that somebody at this address refuses all messages.
pub(crate) fn mark_blocked(
    conn: &mut Conn,
    channel: Channel,
    address: &str,
    at: NaiveDateTime,
) -> Result<()> {
    match channel {
        Channel::Telegram => {
            if let Ok(chat) = address.parse() {
                telegram_links::set_blocked(conn, ChatId(chat), Some(at))?;
            }
        }
        Channel::Whatsapp => {}
    }
    Ok(())
}

/// Returns everybody who gets a message for `recipient`.
pub(super) fn resolve(conn: &mut Conn, recipient: Recipient) -> Result<Vec<ResolvedAddress>> {
    let users = match recipient {
        Recipient::Chat(chat) => return Ok(vec![telegram(None, Some(chat))]),
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
    Ok(users.into_iter().map(|user| telegram(Some(user), chat(user))).collect())
}

/// An address on Telegram: the number of the chat.
pub(super) fn telegram(user_id: Option<UserId>, chat: Option<ChatId>) -> ResolvedAddress {
    let address = chat.map(|chat| chat.to_string());
    ResolvedAddress { user_id, channel: Channel::Telegram, address }
}
