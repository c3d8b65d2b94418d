//! Delivery reports of providers.

use diesel::prelude::*;
use shared::NotificationId;
use shared::notification::{DeliveryFailure, MessageStatus, ReportedStatus};

use super::delivery::{ClaimedMessage, claimed_columns};
use crate::conn::Conn;
use crate::error::DbError;
use crate::schema::outbox as table;

/// A message that a report concerns.
#[derive(Debug, Clone)]
pub struct MessageForReport {
    pub message: ClaimedMessage,
    pub status: MessageStatus,
    /// The last report about it.
    pub last: Option<ReportedStatus>,
}

/// Returns the message that a report concerns. On PostgreSQL its row stays locked.
pub fn find_for_report(
    conn: &mut Conn,
    id: NotificationId,
) -> Result<Option<MessageForReport>, DbError> {
    lock(conn, id)?;
    let row = table::table.find(id).filter(table::address.is_not_null());
    let columns = (claimed_columns(), table::status, table::reported);
    let found: Option<(ClaimedMessage, MessageStatus, Option<ReportedStatus>)> =
        row.select(columns).first(conn).optional()?;
    Ok(found.map(|(message, status, last)| MessageForReport { message, status, last }))
}

/// Returns the last report about a message. On PostgreSQL its row stays locked.
pub fn find_reported(
    conn: &mut Conn,
    id: NotificationId,
) -> Result<Option<ReportedStatus>, DbError> {
    lock(conn, id)?;
    let reported: Option<Option<ReportedStatus>> =
        table::table.find(id).select(table::reported).first(conn).optional()?;
    Ok(reported.flatten())
}

/// An outcome and a report may be stored at the same time: the second one has to see the first one.
fn lock(conn: &mut Conn, id: NotificationId) -> Result<(), DbError> {
    if let Conn::Postgres(postgres) = conn {
        let row = table::table.find(id).select(table::id).for_update();
        row.first::<NotificationId>(postgres).optional()?;
    }
    Ok(())
}

/// Stores a report.
pub fn set_reported(
    conn: &mut Conn,
    id: NotificationId,
    status: ReportedStatus,
    external_id: Option<&str>,
) -> Result<(), DbError> {
    let row = table::table.find(id);
    diesel::update(row).set(table::reported.eq(status)).execute(conn)?;
    if let Some(external_id) = external_id {
        diesel::update(row).set(table::external_id.eq(external_id)).execute(conn)?;
    }
    Ok(())
}

/// Marks a message as dead that the provider accepted and could not deliver.
pub fn mark_failed_after_acceptance(conn: &mut Conn, id: NotificationId) -> Result<(), DbError> {
    diesel::update(table::table.find(id))
        .set((
            table::status.eq(MessageStatus::Dead),
            table::failure.eq(DeliveryFailure::Rejected),
            table::lease_until.eq(None::<chrono::NaiveDateTime>),
        ))
        .execute(conn)?;
    Ok(())
}
