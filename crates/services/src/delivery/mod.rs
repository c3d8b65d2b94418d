//! The way of a message out of the outbox: taken up, delivered, tried again, or given up.
//!
//! A message is taken up with a lease. Whoever dies with it loses it to the next one, so it may
//! arrive twice, and never not at all.

mod backoff;
mod leader_lease;
mod outcome;
mod stats;

pub use leader_lease::{acquire_leader_lease, recover_interrupted, release_leader_lease};
pub use outcome::{DeliveryOutcome, emit_updated, record_outcome, retry_unreachable_now};
pub use stats::{DeliveryStats, read_stats};

use chrono::{DateTime, TimeDelta, Utc};
pub use db::tables::outbox::{ClaimedMessage, QueueHead};

use db::tables::outbox as table;
use db::tables::telegram_links;
use db::{Conn, Tx};
use shared::notification::MessageStatus;
use shared::{ChatId, NotificationId};

use crate::error::Result;
use crate::outbox::{PRIORITY_BROADCAST, PRIORITY_PERSONAL, PRIORITY_REPLY};

/// How long one delivery may take, a picture on a bad network included.
const CLAIM_DURATION: TimeDelta = TimeDelta::seconds(30);

/// Who is served, from the first to the last.
pub const PRIORITIES: [i16; 3] = [PRIORITY_REPLY, PRIORITY_PERSONAL, PRIORITY_BROADCAST];

/// Whether somebody waits for an answer to what they did in the chat.
pub const fn is_reply_priority(priority: i16) -> bool {
    priority == PRIORITY_REPLY
}

/// What is due, of each chat at most one: the chats behind `after` first, then from the beginning.
///
/// # Errors
/// The database fails.
pub fn due_heads(
    conn: &mut Conn,
    now: DateTime<Utc>,
    priority: i16,
    after: ChatId,
    limit: usize,
) -> Result<Vec<QueueHead>> {
    let (now, count) = (now.naive_utc(), i64::try_from(limit).unwrap_or(i64::MAX));
    let mut heads = table::due_heads(conn, priority, after, now, count)?;
    if heads.len() < limit && after.0 != i64::MIN {
        let rest = table::due_heads(conn, priority, ChatId(i64::MIN), now, count)?;
        heads.extend(rest.into_iter().take_while(|head| head.chat_id <= after));
        heads.truncate(limit);
    }
    Ok(heads)
}

/// Whether a delivery was begun and never came to an end.
///
/// # Errors
/// The database fails.
pub fn has_expired_claims(conn: &mut Conn, now: DateTime<Utc>) -> Result<bool> {
    Ok(table::has_expired_claims(conn, now.naive_utc())?)
}

/// Lets deliveries that never came to an end be begun anew.
///
/// # Errors
/// The database fails.
pub fn release_expired_claims(tx: &mut Tx<'_>) -> Result<usize> {
    let now = tx.now().naive_utc();
    Ok(table::release_expired_claims(tx.conn(), now)?)
}

/// Takes messages up, as far as no other server was faster.
///
/// # Errors
/// The database fails.
pub fn claim(tx: &mut Tx<'_>, ids: &[NotificationId]) -> Result<Vec<ClaimedMessage>> {
    let until = (tx.now() + CLAIM_DURATION).naive_utc();
    Ok(table::claim(tx.conn(), ids, until)?)
}

/// Where a message has to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Destination {
    /// To the chat that it was written for.
    Unchanged,
    /// To the chat that the login has now.
    Moved(ChatId),
    /// The login has no chat any more.
    NotLinked,
}

/// Where a message has to go at this moment. An answer stays in the chat where it was asked.
///
/// # Errors
/// The database fails.
pub fn resolve_destination(conn: &mut Conn, message: &ClaimedMessage) -> Result<Destination> {
    let Some(user) = message.user_id.filter(|_| !message.kind.is_reply()) else {
        return Ok(Destination::Unchanged);
    };
    Ok(match telegram_links::find_by_user(conn, user)? {
        Some(link) if Some(link.chat_id) == message.chat_id => Destination::Unchanged,
        Some(link) => Destination::Moved(link.chat_id),
        None => Destination::NotLinked,
    })
}

/// What stands in the chat of an earlier message that this one takes the place of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReplacedMessage {
    /// There is none to replace.
    None,
    /// The channel's name of it.
    Delivered(String),
    /// It is on its way: come back later.
    InFlight,
    /// It never came there, and never will.
    NeverSent,
}

/// What became of the message that this one takes the place of.
///
/// # Errors
/// The database fails.
pub fn replaced_message(conn: &mut Conn, message: &ClaimedMessage) -> Result<ReplacedMessage> {
    let Some(replaced) = message.replaces_id else { return Ok(ReplacedMessage::None) };
    Ok(match table::find_external_id(conn, replaced)? {
        Some((MessageStatus::Sent, Some(external_id))) => ReplacedMessage::Delivered(external_id),
        Some((MessageStatus::Sending, _)) => ReplacedMessage::InFlight,
        _ => ReplacedMessage::NeverSent,
    })
}
