//! The way of a message out of the outbox: taken up, delivered, tried again, or given up.
//!
//! A message is taken up with a lease. Whoever dies with it loses it to the next one, so it may
//! arrive twice, and never not at all.

mod backoff;
mod deliverer;
mod figures;
mod settle;

pub use deliverer::{begin, lead, step_down};
pub use figures::{Figures, figures};
pub use settle::{Outcome, channel_is_back, settle, tell};

use chrono::{DateTime, TimeDelta, Utc};
use db::tables::outbox::{self as table, DueMessage, Head};
use db::tables::telegram_links;
use db::{Conn, Tx};
use shared::message::MessageStatus;
use shared::{ChatId, NotificationId};

use crate::error::Result;
use crate::outbox::{BROADCAST, FIRST, PERSONAL};

/// How long one delivery may take, a picture on a bad network included.
const LEASE: TimeDelta = TimeDelta::seconds(30);

/// Who is served, from the first to the last.
pub const PRIORITIES: [i16; 3] = [FIRST, PERSONAL, BROADCAST];

/// Whether somebody waits for an answer to what they did in the chat.
pub const fn is_answer(priority: i16) -> bool {
    priority == FIRST
}

/// What is due, of each chat at most one: the chats behind `after` first, then from the beginning.
///
/// # Errors
/// The database fails.
pub fn due(
    conn: &mut Conn,
    now: DateTime<Utc>,
    priority: i16,
    after: ChatId,
    limit: usize,
) -> Result<Vec<Head>> {
    let (now, count) = (now.naive_utc(), i64::try_from(limit).unwrap_or(i64::MAX));
    let mut heads = table::heads(conn, priority, after, now, count)?;
    if heads.len() < limit && after.0 != i64::MIN {
        let rest = table::heads(conn, priority, ChatId(i64::MIN), now, count)?;
        heads.extend(rest.into_iter().take_while(|head| head.chat_id <= after));
        heads.truncate(limit);
    }
    Ok(heads)
}

/// Whether a delivery was begun and never came to an end.
///
/// # Errors
/// The database fails.
pub fn any_abandoned(conn: &mut Conn, now: DateTime<Utc>) -> Result<bool> {
    Ok(table::any_expired(conn, now.naive_utc())?)
}

/// Lets deliveries that never came to an end be begun anew.
///
/// # Errors
/// The database fails.
pub fn release_abandoned(tx: &mut Tx<'_>) -> Result<usize> {
    let now = tx.now().naive_utc();
    Ok(table::release_expired(tx.conn(), now)?)
}

/// Takes messages up, as far as no other server was faster.
///
/// # Errors
/// The database fails.
pub fn take_up(tx: &mut Tx<'_>, ids: &[NotificationId]) -> Result<Vec<DueMessage>> {
    let until = (tx.now() + LEASE).naive_utc();
    Ok(table::claim(tx.conn(), ids, until)?)
}

/// Where a message has to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Destination {
    /// To the chat that it was written for.
    Here,
    /// To the chat that the login has now.
    Moved(ChatId),
    /// The login has no chat any more.
    Nowhere,
}

/// Where a message has to go at this moment. An answer stays in the chat where it was asked.
///
/// # Errors
/// The database fails.
pub fn destination(conn: &mut Conn, message: &DueMessage) -> Result<Destination> {
    let Some(user) = message.user_id.filter(|_| !message.kind.is_reply()) else {
        return Ok(Destination::Here);
    };
    Ok(match telegram_links::of_user(conn, user)? {
        Some(link) if Some(link.chat_id) == message.chat_id => Destination::Here,
        Some(link) => Destination::Moved(link.chat_id),
        None => Destination::Nowhere,
    })
}

/// What stands in the chat of an earlier message that this one takes the place of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Earlier {
    /// There is none to replace.
    None,
    /// The channel's name of it.
    Stands(String),
    /// It is on its way: come back later.
    OnItsWay,
    /// It never came there, and never will.
    NeverSent,
}

/// What became of the message that this one takes the place of.
///
/// # Errors
/// The database fails.
pub fn earlier(conn: &mut Conn, message: &DueMessage) -> Result<Earlier> {
    let Some(replaced) = message.replaces_id else { return Ok(Earlier::None) };
    Ok(match table::external_id(conn, replaced)? {
        Some((MessageStatus::Sent, Some(external_id))) => Earlier::Stands(external_id),
        Some((MessageStatus::Sending, _)) => Earlier::OnItsWay,
        _ => Earlier::NeverSent,
    })
}
