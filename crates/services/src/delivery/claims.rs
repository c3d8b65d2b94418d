//! Claims of messages: a lease per message, so that one worker sends it.

use chrono::{DateTime, TimeDelta, Utc};
use db::tables::outbox::{self as table, ClaimedMessage, QueueHead};
use db::{Backend, Conn, Tx};
use shared::NotificationId;
use shared::notification::{Channel, MessageStatus};

use crate::error::Result;
use crate::outbox::{PRIORITY_BROADCAST, PRIORITY_PERSONAL, PRIORITY_REPLY};

/// The longest that one delivery takes, a picture on a bad network included.
pub const CLAIM_DURATION: TimeDelta = TimeDelta::seconds(30);

/// Priorities in the order in which they are served.
pub const PRIORITIES: [i16; 3] = [PRIORITY_REPLY, PRIORITY_PERSONAL, PRIORITY_BROADCAST];

/// What a channel promises when a delivery is interrupted, so that nobody knows whether the message
/// was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryGuarantee {
    /// It is sent again, and may arrive twice.
    AtLeastOnce,
    /// It is not sent again; its outcome is unknown until the provider reports it.
    AtMostOnce,
}

impl DeliveryGuarantee {
    const fn status_after_interruption(self) -> MessageStatus {
        match self {
            DeliveryGuarantee::AtLeastOnce => MessageStatus::Pending,
            DeliveryGuarantee::AtMostOnce => MessageStatus::Unknown,
        }
    }
}

/// Whether the recipient waits for a reply to what they did in the chat.
pub const fn is_reply_priority(priority: i16) -> bool {
    priority == PRIORITY_REPLY
}

/// Returns due messages, at most one for each address: the addresses behind `after` first, then from
/// the beginning.
pub fn due_heads(
    conn: &mut Conn,
    channel: Channel,
    now: DateTime<Utc>,
    priority: i16,
    after: &str,
    limit: usize,
) -> Result<Vec<QueueHead>> {
    let (now, count) = (now.naive_utc(), i64::try_from(limit).unwrap_or(i64::MAX));
    let mut heads = table::due_heads(conn, channel, priority, after, now, count)?;
    if heads.len() < limit && !after.is_empty() {
        let rest = table::due_heads(conn, channel, priority, "", now, count)?;
        heads.extend(rest.into_iter().take_while(|head| head.address.as_str() <= after));
        heads.truncate(limit);
    }
    Ok(heads)
}

/// Claims messages, except those that another worker was faster to claim.
pub fn claim(tx: &mut Tx<'_>, ids: &[NotificationId]) -> Result<Vec<ClaimedMessage>> {
    let until = (tx.now() + CLAIM_DURATION).naive_utc();
    Ok(table::claim(tx.conn(), ids, until)?)
}

/// Whether a delivery has outlived its claim.
pub fn has_expired_claims(conn: &mut Conn, channel: Channel, now: DateTime<Utc>) -> Result<bool> {
    Ok(table::has_expired_claims(conn, channel, now.naive_utc())?)
}

/// Releases the claims of deliveries that never ended.
pub fn release_expired_claims(
    tx: &mut Tx<'_>,
    channel: Channel,
    guarantee: DeliveryGuarantee,
) -> Result<usize> {
    let (now, status) = (tx.now().naive_utc(), guarantee.status_after_interruption());
    Ok(table::release_expired_claims(tx.conn(), channel, now, status)?)
}

/// Releases all claims at the start of a server on SQLite: the process that held them is gone.
pub fn recover_interrupted(
    tx: &mut Tx<'_>,
    channel: Channel,
    guarantee: DeliveryGuarantee,
) -> Result<usize> {
    if tx.conn().backend() != Backend::Sqlite {
        return Ok(0);
    }
    let (now, status) = (tx.now().naive_utc(), guarantee.status_after_interruption());
    Ok(table::release_all_claims(tx.conn(), channel, now, status)?)
}
