//! Jobs, their timeline and their material.

use super::requests::Schedule;
use super::transition::ReturnedDevice;
use super::types::{JobPriority, JobType, TimelineKind};
use crate::ids::{CustomerId, ItemId, JobId, PlanId, TechnicianId, TimelineEntryId, UserId};
use crate::job_state_machine::{JobAction, JobStatus};
use crate::pagination::CommaList;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// A technician assigned to a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct JobTechnician {
    pub technician_id: TechnicianId,
    pub name: String,
    /// Exactly one technician of a job is the lead.
    pub lead: bool,
}

/// A job, in lists and alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Job {
    pub id: JobId,
    /// `PSB-202611-0001` or `GGN-202611-0001`.
    pub number: String,
    #[serde(rename = "type")]
    pub job_type: JobType,
    pub priority: JobPriority,
    pub status: JobStatus,
    pub title: String,
    pub description: Option<String>,
    pub customer_id: CustomerId,
    pub customer_name: String,
    pub customer_number: String,
    /// Masked for managers; null for callers who may not read customers.
    pub customer_phone: Option<String>,
    pub plan_id: Option<PlanId>,
    pub address: String,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    pub scheduled_start: Option<DateTime<Utc>>,
    pub scheduled_end: Option<DateTime<Utc>>,
    /// End of the SLA; moves while the job is on hold.
    pub due_at: DateTime<Utc>,
    pub on_hold_reason: Option<String>,
    pub technicians: Vec<JobTechnician>,
    pub report: Option<String>,
    pub ont_serial_number: Option<String>,
    /// *Redaman*: received optical power at the customer, in dBm.
    pub attenuation_dbm: Option<f64>,
    /// The device that a repair took back.
    pub returned_device: Option<ReturnedDevice>,
    pub created_by: UserId,
    pub created_at: DateTime<Utc>,
    pub completed_at: Option<DateTime<Utc>>,
    pub version: i64,
}

impl Job {
    /// How long ago the appointment was over although the work has not begun; `None` if it is not.
    pub fn missed_by(&self, now: DateTime<Utc>) -> Option<TimeDelta> {
        Schedule { start: self.scheduled_start, end: self.scheduled_end }
            .missed_by(self.status, now)
    }
}

/// One entry of a job's append-only timeline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TimelineEntry {
    pub id: TimelineEntryId,
    pub kind: TimelineKind,
    pub action: Option<JobAction>,
    pub from_status: Option<JobStatus>,
    pub to_status: Option<JobStatus>,
    pub actor_id: Option<UserId>,
    pub actor_name: String,
    pub reason: Option<String>,
    /// What changed, for example names of technicians or items, or edited fields.
    pub detail: Option<String>,
    pub device_time: Option<DateTime<Utc>>,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    /// Server time.
    pub at: DateTime<Utc>,
}

/// `GET /api/jobs/{id}/materials`: one row per item, quantities in the item's unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct JobMaterial {
    pub item_id: ItemId,
    pub code: String,
    pub name: String,
    pub unit: String,
    pub serialized: bool,
    /// From the default materials of the job type.
    pub planned: i64,
    /// Moved from the warehouse to the technician's bag for this job.
    pub issued: i64,
    /// Installed at the customer.
    pub used: i64,
    /// Serial numbers of the used units; before completion, of the issued units.
    pub serial_numbers: Vec<String>,
}

crate::text_enum! {
    /// Sort order of the list of jobs.
    JobSort {
        NewestFirst => "-created_at",
        OldestFirst => "created_at",
        DueFirst => "due_at",
        DueLast => "-due_at",
        Number => "number",
        NumberDescending => "-number",
        /// By appointment; jobs without one are left out.
        AppointmentFirst => "scheduled_start",
    }
}

crate::text_enum! {
    /// Day of an appointment, in the organisation's time zone.
    AppointmentDay {
        Today => "today",
        Tomorrow => "tomorrow",
    }
}

/// `GET /api/jobs`
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct JobQuery {
    /// Part of the job's number, title or ONT, or of the customer's name, phone number, address or ODP, or of the serial
    /// number of a device that is installed there.
    pub q: Option<String>,
    #[cfg_attr(feature = "openapi", param(value_type = Option<String>))]
    pub status: Option<CommaList<JobStatus>>,
    #[serde(rename = "type")]
    pub job_type: Option<JobType>,
    #[cfg_attr(feature = "openapi", param(value_type = Option<String>))]
    pub priority: Option<CommaList<JobPriority>>,
    pub technician_id: Option<TechnicianId>,
    pub customer_id: Option<CustomerId>,
    /// Unfinished jobs after their due time.
    pub overdue: Option<bool>,
    /// Unfinished jobs that are due within four hours and not overdue.
    pub due_soon: Option<bool>,
    /// Jobs whose appointment begins on this day of the organisation's time zone, by appointment unless sorted otherwise.
    pub appointment: Option<AppointmentDay>,
    pub limit: Option<i64>,
    pub cursor: Option<String>,
    pub sort: Option<JobSort>,
    pub with_total: Option<bool>,
}
