//! Jobs: installations (*PSB*) and repairs (*gangguan*).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::error::ErrorCode;
use crate::geo::Coordinates;
use crate::ids::{CustomerId, ItemId, JobId, PlanId, TechnicianId, TimelineEntryId, UserId};
use crate::inventory::{Line, parse_lines};
use crate::job_machine::{JobAction, JobStatus};
use crate::page::CommaList;
use crate::validate::{Checker, FieldFault};

crate::text_enum! {
    /// What kind of work a job is.
    JobType {
        Installation => "installation",
        Repair => "repair",
    }
}

impl JobType {
    /// First part of the job's number: *pasang baru* or *gangguan*.
    pub const fn number_prefix(self) -> &'static str {
        match self {
            JobType::Installation => "PSB",
            JobType::Repair => "GGN",
        }
    }
}

crate::text_enum! {
    /// How urgent a job is; it decides the due time.
    JobPriority {
        Low => "low",
        Normal => "normal",
        High => "high",
        Urgent => "urgent",
    }
}

crate::text_enum! {
    /// How near the end of a job's SLA is.
    SlaLevel {
        /// A quarter of the time is left.
        Warning => "warning",
        /// The due time has passed.
        Breach => "breach",
    }
}

/// A technician on a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct JobTechnician {
    pub technician_id: TechnicianId,
    pub name: String,
    /// Exactly one technician of a job leads.
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
    /// Masked for roles that may not read contact data.
    pub customer_phone: String,
    pub plan_id: Option<PlanId>,
    pub address: String,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    pub scheduled_start: Option<DateTime<Utc>>,
    pub scheduled_end: Option<DateTime<Utc>>,
    /// When the SLA ends; stands still while the job is on hold.
    pub due_at: DateTime<Utc>,
    pub on_hold_reason: Option<String>,
    pub technicians: Vec<JobTechnician>,
    pub report: Option<String>,
    pub ont_serial_number: Option<String>,
    /// *Redaman*: received optical power at the customer, in dBm.
    pub attenuation_dbm: Option<f64>,
    pub created_by: UserId,
    pub created_at: DateTime<Utc>,
    pub completed_at: Option<DateTime<Utc>>,
    pub version: i64,
}

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
    /// Made from type and customer when absent.
    #[serde(default)]
    pub title: Option<String>,
    #[serde(default)]
    pub description: Option<String>,
    /// The customer's when absent.
    #[serde(default)]
    pub address: Option<String>,
    /// The customer's place when absent.
    #[serde(default)]
    pub latitude: Option<f64>,
    #[serde(default)]
    pub longitude: Option<f64>,
    #[serde(default)]
    pub scheduled_start: Option<DateTime<Utc>>,
    #[serde(default)]
    pub scheduled_end: Option<DateTime<Utc>>,
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

/// When work is planned, known not to end before it starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    pub start: Option<DateTime<Utc>>,
    pub end: Option<DateTime<Utc>>,
}

impl Schedule {
    fn check(
        check: &mut Checker,
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

/// The checked form of [`JobCreate`].
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
    /// Reads the request.
    ///
    /// # Errors
    /// Every wrong field.
    pub fn parse(&self) -> Result<NewJob, Vec<FieldFault>> {
        let mut check = Checker::default();
        let title = check.optional_text("title", self.title.as_deref(), 150);
        let description = check.optional_text("description", self.description.as_deref(), 4_000);
        let address = check.optional_text("address", self.address.as_deref(), 300);
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

/// The checked form of [`JobUpdate`].
#[derive(Debug, Clone)]
pub struct JobFacts {
    pub priority: JobPriority,
    pub title: String,
    pub description: Option<String>,
    pub address: String,
    pub coordinates: Option<Coordinates>,
    pub schedule: Schedule,
}

impl JobUpdate {
    /// Reads the request.
    ///
    /// # Errors
    /// Every wrong field.
    pub fn parse(&self) -> Result<JobFacts, Vec<FieldFault>> {
        let mut check = Checker::default();
        let title = check.text("title", &self.title, 150);
        let description = check.optional_text("description", self.description.as_deref(), 4_000);
        let address = check.text("address", &self.address, 300);
        let coordinates = Coordinates::check(&mut check, self.latitude, self.longitude);
        let schedule = Schedule::check(&mut check, self.scheduled_start, self.scheduled_end);
        let facts = title.zip(address).zip(schedule).map(|((title, address), schedule)| JobFacts {
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

/// `POST /api/jobs/{id}/assign`: the first technician leads.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AssignRequest {
    pub technician_ids: Vec<TechnicianId>,
    #[serde(default)]
    pub reason: Option<String>,
}

/// Most technicians on one job.
pub const MAX_CREW: usize = 8;

impl AssignRequest {
    /// Reads the request: at least one technician, none twice.
    ///
    /// # Errors
    /// Every wrong field.
    pub fn parse(&self) -> Result<AssignRequest, Vec<FieldFault>> {
        let mut check = Checker::default();
        let ids = &self.technician_ids;
        if ids.is_empty() {
            check.fail::<()>("technician_ids", ErrorCode::Required);
        } else if ids.len() > MAX_CREW {
            check.fail_with::<()>("technician_ids", ErrorCode::TooMany, MAX_CREW);
        }
        for (index, id) in ids.iter().enumerate() {
            if ids[..index].contains(id) {
                check.fail::<()>(&format!("technician_ids[{index}]"), ErrorCode::Taken);
            }
        }
        let reason = check.optional_text("reason", self.reason.as_deref(), 500);
        check.finish(Some(AssignRequest { technician_ids: ids.clone(), reason }))
    }
}

/// `POST /api/jobs/{id}/transitions`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TransitionRequest {
    pub action: JobAction,
    #[serde(default)]
    pub reason: Option<String>,
    /// The time on the technician's phone, which may have been offline.
    #[serde(default)]
    pub device_time: Option<DateTime<Utc>>,
    #[serde(default)]
    pub latitude: Option<f64>,
    #[serde(default)]
    pub longitude: Option<f64>,
    /// For `complete`.
    #[serde(default)]
    pub report: Option<String>,
    #[serde(default)]
    pub ont_serial_number: Option<String>,
    #[serde(default)]
    pub attenuation_dbm: Option<f64>,
    /// What was used at the customer.
    #[serde(default)]
    pub materials: Option<Vec<Line>>,
}

impl TransitionRequest {
    /// A request for an action that needs nothing else.
    pub fn of(action: JobAction) -> Self {
        Self {
            action,
            reason: None,
            device_time: None,
            latitude: None,
            longitude: None,
            report: None,
            ont_serial_number: None,
            attenuation_dbm: None,
            materials: None,
        }
    }
}

/// The checked form of [`TransitionRequest`].
#[derive(Debug, Clone)]
pub struct Step {
    pub action: JobAction,
    pub reason: Option<String>,
    pub device_time: Option<DateTime<Utc>>,
    pub place: Option<Coordinates>,
    pub report: Option<String>,
    pub ont_serial_number: Option<String>,
    pub attenuation_dbm: Option<f64>,
    pub materials: Vec<Line>,
}

/// Weakest and strongest plausible received power in dBm: below, no ONT locks; above, it burns.
const ATTENUATION_RANGE_DBM: std::ops::RangeInclusive<f64> = -50.0..=10.0;

impl TransitionRequest {
    /// Reads the request. `assign` has an endpoint of its own and is refused here.
    ///
    /// # Errors
    /// Every wrong field.
    pub fn parse(&self) -> Result<Step, Vec<FieldFault>> {
        let mut check = Checker::default();
        if self.action == JobAction::Assign {
            check.fail_with::<()>("action", ErrorCode::WrongType, "POST /assign");
        }
        let reason = check.optional_text("reason", self.reason.as_deref(), 500);
        let place = Coordinates::check(&mut check, self.latitude, self.longitude);
        let report = check.optional_text("report", self.report.as_deref(), 4_000);
        let ont_serial_number = check
            .optional_text("ont_serial_number", self.ont_serial_number.as_deref(), 60)
            .map(|serial| serial.to_uppercase());
        let attenuation_dbm = self.attenuation_dbm.and_then(|value| {
            if ATTENUATION_RANGE_DBM.contains(&value) {
                Some(value)
            } else {
                check.fail_with("attenuation_dbm", ErrorCode::OutOfRange, "-50–10 dBm")
            }
        });
        let materials = match &self.materials {
            Some(lines) if !lines.is_empty() => parse_lines(&mut check, "materials", lines),
            _ => Some(Vec::new()),
        };
        let step = materials.map(|materials| Step {
            action: self.action,
            reason,
            device_time: self.device_time,
            place,
            report,
            ont_serial_number,
            attenuation_dbm,
            materials,
        });
        check.finish(step)
    }
}

crate::text_enum! {
    /// What an entry of a job's timeline tells.
    TimelineKind {
        Created => "created",
        Edited => "edited",
        Transition => "transition",
        Photo => "photo",
        Material => "material",
        /// Material was short when the job was accepted.
        ShortStock => "short_stock",
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
    /// What changed, in words of the field: names of technicians, of items, of edited fields.
    pub detail: Option<String>,
    pub device_time: Option<DateTime<Utc>>,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    /// Server time.
    pub at: DateTime<Utc>,
}

/// `GET /api/jobs/{id}/materials`: one row per item, in the item's unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct JobMaterial {
    pub item_id: ItemId,
    pub code: String,
    pub name: String,
    pub unit: String,
    pub serialized: bool,
    /// From the default material list of the job's type.
    pub planned: i64,
    /// Left the warehouse for the technician's bag on behalf of this job.
    pub issued: i64,
    /// Stays at the customer.
    pub used: i64,
    /// Of the units that were used; before that, of those that were issued.
    pub serial_numbers: Vec<String>,
}

crate::text_enum! {
    /// Order of the list of jobs.
    JobSort {
        NewestFirst => "-created_at",
        OldestFirst => "created_at",
        DueFirst => "due_at",
        DueLast => "-due_at",
        Number => "number",
        NumberDescending => "-number",
    }
}

/// `GET /api/jobs`
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct JobQuery {
    /// Part of the job's number or title, or of the customer's name, phone number or address.
    pub q: Option<String>,
    pub status: Option<CommaList<JobStatus>>,
    #[serde(rename = "type")]
    pub job_type: Option<JobType>,
    pub priority: Option<CommaList<JobPriority>>,
    pub technician_id: Option<TechnicianId>,
    pub customer_id: Option<CustomerId>,
    /// Unfinished and past the due time.
    pub overdue: Option<bool>,
    pub limit: Option<i64>,
    pub cursor: Option<String>,
    pub sort: Option<JobSort>,
    pub with_total: Option<bool>,
}
