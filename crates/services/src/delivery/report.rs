//! Delivery reports: what a provider tells about a message after it was sent.
//!
//! Reports come in any order, more than once, and even before the answer to the request that sent the
//! message. They settle messages whose outcome is unknown.

use db::Tx;
use db::tables::outbox as table;
use shared::NotificationId;
use shared::notification::{MessageStatus, ReportedStatus};

use super::outcome::{emit_updated, fail_after_acceptance, mark_sent};
use crate::error::Result;

/// One report about one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryReport {
    /// As the channel gave it to the provider along with the message.
    pub id: NotificationId,
    pub status: ReportedStatus,
    /// The provider's id of the message.
    pub external_id: Option<String>,
}

/// Stores a report, unless a later state was reported before.
pub fn record_report(tx: &mut Tx<'_>, report: &DeliveryReport) -> Result<()> {
    let Some(reported) = table::find_for_report(tx.conn(), report.id)? else {
        log::warn!("a delivery report names notification {}, which does not exist", report.id);
        return Ok(());
    };
    let is_news = reported.last.is_none_or(|last| report.status.supersedes(last));
    let failed = report.status == ReportedStatus::Failed;
    // A message that waits for another attempt may still be delivered.
    if !is_news || (failed && reported.status == MessageStatus::Pending) {
        return Ok(());
    }
    let external_id = report.external_id.as_deref();
    table::set_reported(tx.conn(), report.id, report.status, external_id)?;
    match (reported.status, failed) {
        (MessageStatus::Unknown | MessageStatus::Pending, false) => {
            mark_sent(tx, &reported.message, external_id)?;
        }
        (MessageStatus::Unknown | MessageStatus::Sent, true) => {
            fail_after_acceptance(tx, &reported.message)?;
        }
        // A message that is being sent: its outcome takes the report into account.
        _ => return Ok(()),
    }
    emit_updated(tx, 1)
}
