//! Checks before a message is sent: its current address, and the message that it replaces.

use chrono::{DateTime, Utc};
use db::Conn;
use db::tables::outbox::{self as table, ClaimedMessage};
use shared::notification::MessageStatus;

use crate::error::Result;
use crate::outbox::addresses;

/// Where a message has to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destination {
    /// To the address that it has.
    Unchanged,
    /// To another address, which its recipient has now.
    Moved(String),
    /// Its recipient has no address on this channel any more.
    NotLinked,
    /// Its recipient refuses messages.
    Blocked,
}

/// Returns where a message has to go at this moment. A reply stays where the question was asked.
pub fn resolve_destination(
    conn: &mut Conn,
    message: &ClaimedMessage,
    now: DateTime<Utc>,
) -> Result<Destination> {
    let Some(user) = message.user_id.filter(|_| !message.kind.is_reply()) else {
        return Ok(Destination::Unchanged);
    };
    if addresses::is_blocked(conn, message.channel, user, now)? {
        return Ok(Destination::Blocked);
    }
    Ok(match addresses::of_user(conn, message.channel, user)? {
        Some(address) if address == message.address => Destination::Unchanged,
        Some(address) => Destination::Moved(address),
        None => Destination::NotLinked,
    })
}

/// The state of the earlier message that a message replaces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReplacedMessage {
    /// The message replaces none.
    None,
    /// It was delivered under this id of the provider.
    Delivered(String),
    /// It is being sent: try again later.
    InFlight,
    /// It may have been delivered, but nobody knows under which id.
    Unconfirmed,
    /// It was not sent, and never will be.
    NeverSent,
}

/// Returns the state of the message that this one replaces.
pub fn replaced_message(conn: &mut Conn, message: &ClaimedMessage) -> Result<ReplacedMessage> {
    let Some(replaced) = message.replaces_id else { return Ok(ReplacedMessage::None) };
    Ok(match table::find_external_id(conn, replaced)? {
        Some((MessageStatus::Sent, Some(external_id))) => ReplacedMessage::Delivered(external_id),
        Some((MessageStatus::Sending, _)) => ReplacedMessage::InFlight,
        Some((MessageStatus::Unknown, _)) => ReplacedMessage::Unconfirmed,
        _ => ReplacedMessage::NeverSent,
    })
}
