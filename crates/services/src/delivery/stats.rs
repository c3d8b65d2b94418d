//! How much waits to be delivered, and since when.

use chrono::{DateTime, TimeDelta, Utc};
use db::Conn;
use db::tables::{outbox as table, telegram_updates};
use shared::notification::{Channel, MessageStatus};

use crate::error::Result;

/// What waits at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryStats {
    /// Messages that wait for their delivery.
    pub waiting: Vec<(Channel, i64)>,
    /// Messages that were given up.
    pub dead: Vec<(Channel, i64)>,
    /// How long the oldest of those that wait has been waiting.
    pub oldest_waiting: TimeDelta,
    /// Updates of Telegram that wait to be handled.
    pub inbox: i64,
}

/// Reads the figures.
///
/// # Errors
/// The database fails.
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
