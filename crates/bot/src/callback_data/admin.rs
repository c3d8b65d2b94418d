//! Callbacks of the office.

use serde::{Deserialize, Serialize};
use shared::{ItemId, JobId, TechnicianId};

/// Buttons of the office.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum AdminCallback {
    /// Today's overview in the same message.
    #[serde(rename = "t")]
    Overview,
    /// A page of the jobs that pass a filter.
    #[serde(rename = "j")]
    JobPage(JobFilter, usize),
    /// Shows a job in a new message.
    #[serde(rename = "o")]
    Open(JobId),
    /// Shows the present state of a job in the same message.
    #[serde(rename = "f")]
    Refresh(JobId),
    /// Proposes technicians for a job.
    #[serde(rename = "c")]
    Candidates(JobId),
    /// Assigns a technician.
    #[serde(rename = "g")]
    Assign(JobId, TechnicianId),
    /// Confirms that the work was done well.
    #[serde(rename = "v")]
    Verify(JobId),
    /// Asks for a reason.
    #[serde(rename = "w")]
    AskReason(JobId, AdminReason),
    /// Gives the ready-made reason at this position.
    #[serde(rename = "b")]
    ReadyReason(JobId, AdminReason, usize),
    /// Gives a reason that will be typed.
    #[serde(rename = "x")]
    CustomReason(JobId, AdminReason),
    /// Items that run low, in the same message.
    #[serde(rename = "l")]
    LowStock,
    /// Where an item is stored.
    #[serde(rename = "i")]
    Item(ItemId),
    /// Asks for the name or code of an item.
    #[serde(rename = "s")]
    SearchItem,
    /// A page of the technicians.
    #[serde(rename = "e")]
    TechnicianPage(usize),
    /// The report of a period.
    #[serde(rename = "r")]
    Report(ReportPeriod),
    /// Pending applications, one message each.
    #[serde(rename = "p")]
    Applicants,
    /// Requested returns, one message each.
    #[serde(rename = "q")]
    BagReturns,
}

/// Which jobs a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum JobFilter {
    #[serde(rename = "u")]
    Unfinished,
    #[serde(rename = "l")]
    Overdue,
    #[serde(rename = "s")]
    DueSoon,
    #[serde(rename = "o")]
    Open,
    /// Assigned and not started.
    #[serde(rename = "a")]
    Assigned,
    #[serde(rename = "w")]
    InProgress,
    #[serde(rename = "h")]
    OnHold,
    /// Waiting for verification.
    #[serde(rename = "d")]
    Completed,
}

/// What the office gives a reason for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AdminReason {
    #[serde(rename = "c")]
    Cancel,
    #[serde(rename = "r")]
    Reopen,
    #[serde(rename = "u")]
    Unassign,
}

/// The period of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReportPeriod {
    #[serde(rename = "d")]
    Today,
    #[serde(rename = "w")]
    Week,
    #[serde(rename = "m")]
    Month,
}
