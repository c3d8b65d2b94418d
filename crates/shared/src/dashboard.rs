//! Dashboard: counters and jobs that need attention.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::inventory::Item;
use crate::job::Job;
use crate::job_state_machine::JobStatus;

/// `GET /api/dashboard`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Dashboard {
    /// Number of jobs per unfinished status, and of completed jobs that wait for verification.
    pub by_status: Vec<StatusCount>,
    /// Unfinished jobs after their due time.
    pub overdue: i64,
    /// Unfinished jobs that are due within four hours.
    pub due_soon: i64,
    /// Open jobs without a technician.
    pub unassigned: i64,
    pub created_today: Trend,
    pub completed_today: Trend,
    /// Created and completed jobs of the last 14 days in the organisation's time zone, oldest
    /// first.
    pub days: Vec<DayCount>,
    pub technicians_on_duty: i64,
    pub technicians_active: i64,
    /// Items at or below their minimum stock; null for roles without access to the inventory.
    pub low_stock: Vec<Item>,
    /// Most urgent first: overdue, due soon, unassigned; at most ten.
    pub needs_attention: Vec<Job>,
}

/// Number of jobs with a status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StatusCount {
    pub status: JobStatus,
    pub count: i64,
}

/// A figure with its value for comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Trend {
    pub value: i64,
    /// The same figure yesterday at the same time of day.
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
