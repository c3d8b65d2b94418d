//! What needs me now?

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::inventory::Item;
use crate::job::Job;
use crate::job_state_machine::JobStatus;

/// `GET /api/dashboard`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Dashboard {
    /// Jobs of each unfinished status, and completed ones that wait for verification.
    pub by_status: Vec<StatusCount>,
    /// Unfinished and past the due time.
    pub overdue: i64,
    /// Unfinished and due within the next four hours.
    pub due_soon: i64,
    /// Open: nobody works on them.
    pub unassigned: i64,
    pub created_today: Trend,
    pub completed_today: Trend,
    /// Created and completed jobs of the last 14 days in the organisation's time zone, oldest first.
    pub days: Vec<DayCount>,
    pub technicians_on_duty: i64,
    pub technicians_active: i64,
    /// Items at or below their minimum; null for roles that do not read the inventory.
    pub low_stock: Vec<Item>,
    /// Most urgent first: overdue, then due soon, then unassigned; at most ten.
    pub needs_attention: Vec<Job>,
}

/// How many jobs have a status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StatusCount {
    pub status: JobStatus,
    pub count: i64,
}

/// A figure beside the one to compare it with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Trend {
    pub value: i64,
    /// The same figure of yesterday until this time of day.
    pub before: i64,
}

/// Jobs of one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DayCount {
    pub day: NaiveDate,
    pub created: i64,
    pub completed: i64,
}
