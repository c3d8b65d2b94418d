//! Delivery statistics for the metrics endpoint.

use chrono::{DateTime, TimeDelta, Utc};
use db::Conn;
use db::tables::{outbox as table, telegram_updates};
use shared::notification::{Channel, MessageStatus};

use crate::error::Result;

/// Numbers of messages at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryStats {
    /// Waiting messages per channel.
    pub waiting: Vec<(Channel, i64)>,
    /// Dead messages per channel.
    pub dead: Vec<(Channel, i64)>,
    /// How long the oldest waiting message has been waiting.
    pub oldest_waiting: TimeDelta,
    /// Telegram updates that wait to be handled.
    pub inbox: i64,
}

/// Reads the statistics.
pub fn read_stats(conn: &mut Conn, now: DateTime<Utc>) -> Result<DeliveryStats> {
    let open = table::count_open(conn)?;
    let sum = |channel: Channel, dead: bool| {
        let fits = |(of, status, _): &&(Channel, MessageStatus, i64)| {
            *of == channel && (*status == MessageStatus::Dead) == dead
        };
        (channel, open.iter().filter(fits).map(|(_, _, count)| count).sum())
    };
    let oldest = table::oldest_waiting_since(conn)?.map(|at| now - at.and_utc());
    Ok(DeliveryStats {
        waiting: Channel::ALL.iter().map(|&channel| sum(channel, false)).collect(),
        dead: Channel::ALL.iter().map(|&channel| sum(channel, true)).collect(),
        oldest_waiting: oldest.unwrap_or_default().max(TimeDelta::zero()),
        inbox: telegram_updates::count_waiting(conn)?,
    })
}
