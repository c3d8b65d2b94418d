//! Requests to create, edit and assign a job.

use super::types::{JobPriority, JobType};
use crate::error::ErrorCode;
use crate::geo::Coordinates;
use crate::ids::{CustomerId, TechnicianId};
use crate::job_state_machine::JobStatus;
use crate::validate::{FieldFault, MAX_REASON_CHARS, Validator};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// `POST /api/jobs`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct JobCreate {
    #[serde(rename = "type")]
    pub job_type: JobType,
    pub customer_id: CustomerId,
    /// `normal` when absent.
    #[serde(default)]
    pub priority: Option<JobPriority>,
    /// Default title of type and customer when absent.
    #[serde(default)]
    pub title: Option<String>,
    #[serde(default)]
    pub description: Option<String>,
    /// The customer's address when absent.
    #[serde(default)]
    pub address: Option<String>,
    /// The customer's location when absent.
    #[serde(default)]
    pub latitude: Option<f64>,
    #[serde(default)]
    pub longitude: Option<f64>,
    #[serde(default)]
    pub scheduled_start: Option<DateTime<Utc>>,
    #[serde(default)]
    pub scheduled_end: Option<DateTime<Utc>>,
    /// Creates the job although the customer has an open one of the same type.
    #[serde(default)]
    pub confirm_duplicate: bool,
}

/// `PUT /api/jobs/{id}`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct JobUpdate {
    pub priority: JobPriority,
    pub title: String,
    #[serde(default)]
    pub description: Option<String>,
    pub address: String,
    #[serde(default)]
    pub latitude: Option<f64>,
    #[serde(default)]
    pub longitude: Option<f64>,
    #[serde(default)]
    pub scheduled_start: Option<DateTime<Utc>>,
    #[serde(default)]
    pub scheduled_end: Option<DateTime<Utc>>,
}

/// How long after its start an appointment without an end can still be made.
const APPOINTMENT_GRACE: TimeDelta = TimeDelta::hours(1);

/// Planned time of the work; the end is never before the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    pub start: Option<DateTime<Utc>>,
    pub end: Option<DateTime<Utc>>,
}

impl Schedule {
    /// Whether the planned time is over.
    pub fn is_past(self, now: DateTime<Utc>) -> bool {
        let end = self.end.or(self.start.map(|start| start + APPOINTMENT_GRACE));
        end.is_some_and(|end| end < now)
    }

    /// How long ago the planned time was over although the work has not begun; `None` if it is not.
    pub fn missed_by(self, status: JobStatus, now: DateTime<Utc>) -> Option<TimeDelta> {
        use JobStatus as S;
        let waits = matches!(status, S::Open | S::Assigned | S::Accepted | S::EnRoute);
        let end = self.end.or(self.start)?;
        (waits && self.is_past(now)).then(|| now - end)
    }

    /// Refuses a planned time that is over.
    ///
    /// # Errors
    /// `InThePast`.
    pub fn check_not_past(self, now: DateTime<Utc>) -> Result<(), Vec<FieldFault>> {
        if self.is_past(now) {
            return Err(vec![FieldFault::new("scheduled_start", ErrorCode::InThePast)]);
        }
        Ok(())
    }

    fn check(
        check: &mut Validator,
        start: Option<DateTime<Utc>>,
        end: Option<DateTime<Utc>>,
    ) -> Option<Self> {
        match (start, end) {
            (None, Some(_)) => check.fail("scheduled_start", ErrorCode::Required),
            (Some(start), Some(end)) if end < start => {
                check.fail("scheduled_end", ErrorCode::EndsBeforeStart)
            }
            _ => Some(Self { start, end }),
        }
    }
}

/// Validated [`JobCreate`].
#[derive(Debug, Clone)]
pub struct NewJob {
    pub job_type: JobType,
    pub customer_id: CustomerId,
    pub priority: JobPriority,
    pub title: Option<String>,
    pub description: Option<String>,
    pub address: Option<String>,
    pub coordinates: Option<Coordinates>,
    pub schedule: Schedule,
}

impl JobCreate {
    /// Validates the request.
    ///
    /// # Errors
    /// All invalid fields.
    pub fn parse(&self) -> Result<NewJob, Vec<FieldFault>> {
        let mut check = Validator::default();
        let title = check.optional_line("title", self.title.as_deref(), 150);
        let description = check.optional_prose("description", self.description.as_deref(), 4_000);
        let address = check.optional_line("address", self.address.as_deref(), 300);
        let coordinates = Coordinates::check(&mut check, self.latitude, self.longitude);
        let schedule = Schedule::check(&mut check, self.scheduled_start, self.scheduled_end);
        let job = schedule.map(|schedule| NewJob {
            job_type: self.job_type,
            customer_id: self.customer_id,
            priority: self.priority.unwrap_or(JobPriority::Normal),
            title,
            description,
            address,
            coordinates,
            schedule,
        });
        check.finish(job)
    }
}

/// Validated [`JobUpdate`].
#[derive(Debug, Clone)]
pub struct JobDetails {
    pub priority: JobPriority,
    pub title: String,
    pub description: Option<String>,
    pub address: String,
    pub coordinates: Option<Coordinates>,
    pub schedule: Schedule,
}

impl JobUpdate {
    /// Validates the request.
    ///
    /// # Errors
    /// All invalid fields.
    pub fn parse(&self) -> Result<JobDetails, Vec<FieldFault>> {
        let mut check = Validator::default();
        let title = check.line("title", &self.title, 150);
        let description = check.optional_prose("description", self.description.as_deref(), 4_000);
        let address = check.line("address", &self.address, 300);
        let coordinates = Coordinates::check(&mut check, self.latitude, self.longitude);
        let schedule = Schedule::check(&mut check, self.scheduled_start, self.scheduled_end);
        let facts =
            title.zip(address).zip(schedule).map(|((title, address), schedule)| JobDetails {
                priority: self.priority,
                title,
                description,
                address,
                coordinates,
                schedule,
            });
        check.finish(facts)
    }
}

/// `POST /api/jobs/{id}/assign`: the first technician is the lead.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AssignRequest {
    /// Absent with `auto`.
    #[serde(default)]
    pub technician_ids: Vec<TechnicianId>,
    /// Assigns the best candidate.
    #[serde(default)]
    pub auto: bool,
    #[serde(default)]
    pub reason: Option<String>,
}

/// Maximum technicians of one job.
pub const MAX_ASSIGNEES: usize = 8;

impl AssignRequest {
    /// An assignment of the given technicians.
    pub fn for_technicians(technician_ids: Vec<TechnicianId>) -> Self {
        Self { technician_ids, ..Self::default() }
    }

    /// Validates the request: at least one technician and no duplicates; none with `auto`.
    ///
    /// # Errors
    /// All invalid fields.
    pub fn parse(&self) -> Result<AssignRequest, Vec<FieldFault>> {
        let mut check = Validator::default();
        let ids = &self.technician_ids;
        if self.auto && !ids.is_empty() {
            check.fail_with::<()>("technician_ids", ErrorCode::TooMany, 0);
        } else if ids.is_empty() && !self.auto {
            check.fail::<()>("technician_ids", ErrorCode::Required);
        } else if ids.len() > MAX_ASSIGNEES {
            check.fail_with::<()>("technician_ids", ErrorCode::TooMany, MAX_ASSIGNEES);
        }
        for (index, id) in ids.iter().enumerate() {
            if ids[..index].contains(id) {
                check.fail::<()>(&format!("technician_ids[{index}]"), ErrorCode::Taken);
            }
        }
        let reason = check.optional_prose("reason", self.reason.as_deref(), MAX_REASON_CHARS);
        check.finish(Some(AssignRequest { reason, ..self.clone() }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_appointment_is_missed_when_its_time_is_over_and_nobody_has_begun() {
        let start = DateTime::<Utc>::UNIX_EPOCH;
        let at = |minutes| start + TimeDelta::minutes(minutes);
        let window = Schedule { start: Some(start), end: Some(at(120)) };
        let instant = Schedule { start: Some(start), end: None };
        let assigned = JobStatus::Assigned;
        assert_eq!(window.missed_by(assigned, at(120)), None);
        assert_eq!(window.missed_by(assigned, at(130)), Some(TimeDelta::minutes(10)));
        // Without an end it can still be kept within the hour.
        assert_eq!(instant.missed_by(assigned, at(60)), None);
        assert_eq!(instant.missed_by(assigned, at(90)), Some(TimeDelta::minutes(90)));
        for status in [JobStatus::InProgress, JobStatus::OnHold, JobStatus::Cancelled] {
            assert_eq!(window.missed_by(status, at(130)), None, "{status}");
        }
        assert_eq!(Schedule { start: None, end: None }.missed_by(assigned, at(130)), None);
    }
}
