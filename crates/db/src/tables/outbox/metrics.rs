//! Counts of messages for the metrics.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use shared::notification::{Channel, MessageStatus};

use crate::conn::Conn;
use crate::error::DbError;
use crate::schema::outbox as table;

/// Counts waiting, sending and dead messages by channel.
pub fn count_open(conn: &mut Conn) -> Result<Vec<(Channel, MessageStatus, i64)>, DbError> {
    let open = [MessageStatus::Pending, MessageStatus::Sending, MessageStatus::Dead];
    Ok(table::table
        .filter(table::status.eq_any(open))
        .group_by((table::channel, table::status))
        .select((table::channel, table::status, diesel::dsl::count_star()))
        .load(conn)?)
}

/// Returns since when the oldest message waits.
pub fn oldest_waiting_since(conn: &mut Conn) -> Result<Option<NaiveDateTime>, DbError> {
    let waiting = [MessageStatus::Pending, MessageStatus::Sending];
    let waiting = table::table.filter(table::status.eq_any(waiting));
    Ok(waiting.select(diesel::dsl::min(table::created_at)).first(conn)?)
}
