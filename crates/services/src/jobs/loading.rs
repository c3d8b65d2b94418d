//! Loading of jobs, and the records that a change leaves: timeline, live event, refusal.

use db::tables::job_timeline::NewTimelineEntry;
use db::tables::jobs::{self as table, JobCustomer, JobRow, StoredJob};
use db::{Conn, Tx};
use shared::job::{Job, JobTechnician, ReturnedDevice, TimelineKind};
use shared::job_state_machine::{JobAction, JobStatus, possible_actions};
use shared::live::{JobEvent, LiveEvent};
use shared::{JobId, Permission, TechnicianId};

use crate::Actor;
use crate::error::{Error, OrNotFound, Result};
use shared::ErrorCode;

/// A job with its customer and assignees, as stored.
#[derive(Debug, Clone)]
pub struct LoadedJob {
    pub row: JobRow,
    pub customer: JobCustomer,
    pub assignees: Vec<JobTechnician>,
}

impl From<StoredJob> for LoadedJob {
    fn from(job: StoredJob) -> Self {
        Self { row: job.row, customer: job.customer, assignees: job.technicians }
    }
}

impl LoadedJob {
    /// Loads a job without any check.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn find(conn: &mut Conn, id: JobId) -> Result<Self> {
        Ok(table::find(conn, id)?.or_not_found()?.into())
    }

    /// Ids of the assignees, the lead first.
    pub fn assignee_ids(&self) -> Vec<TechnicianId> {
        self.assignees.iter().map(|technician| technician.technician_id).collect()
    }

    /// The lead.
    pub fn lead(&self) -> Option<&JobTechnician> {
        self.assignees.first()
    }

    /// The job, redacted for the actor.
    pub fn view_for(self, actor: &Actor) -> Job {
        let Self { row, customer, assignees } = self;
        Job {
            id: row.id,
            number: row.number,
            job_type: row.job_type,
            priority: row.priority,
            status: row.status,
            title: row.title,
            description: row.description,
            customer_id: row.customer_id,
            customer_name: customer.name,
            customer_number: customer.number,
            customer_phone: actor.customer_phone(&customer.phone),
            plan_id: customer.plan_id,
            address: row.address,
            latitude: row.latitude,
            longitude: row.longitude,
            scheduled_start: row.scheduled_start.map(|time| time.and_utc()),
            scheduled_end: row.scheduled_end.map(|time| time.and_utc()),
            due_at: row.due_at.and_utc(),
            on_hold_reason: row.on_hold_reason,
            technicians: assignees,
            report: row.report,
            ont_serial_number: row.ont_serial_number,
            attenuation_dbm: row.attenuation_dbm,
            returned_device: row
                .returned_serial_number
                .zip(row.returned_condition)
                .map(|(serial_number, condition)| ReturnedDevice { serial_number, condition }),
            created_by: row.created_by,
            created_at: row.created_at.and_utc(),
            completed_at: row.completed_at.map(|time| time.and_utc()),
            version: row.version,
        }
    }
}

/// Loads a job that the actor may change with this permission; someone else's is "not found".
///
/// # Errors
/// There is none for this actor; no permission.
pub fn load_for_change(
    tx: &mut Tx<'_>,
    actor: &Actor,
    permission: Permission,
    id: JobId,
) -> Result<LoadedJob> {
    load_permitted(tx.conn(), actor, permission, id)
}

/// Loads a job that the actor has this permission for; someone else's is "not found".
///
/// # Errors
/// `Forbidden`, `NotFound`.
pub fn load_permitted(
    conn: &mut Conn,
    actor: &Actor,
    permission: Permission,
    id: JobId,
) -> Result<LoadedJob> {
    let own = actor.technician_limit(permission)?;
    let job = LoadedJob::find(conn, id)?;
    match own {
        Some(technician) if !job.assignee_ids().contains(&technician) => {
            Err(Error::refuse(ErrorCode::NotFound))
        }
        _ => Ok(job),
    }
}

/// A timeline entry before it is written.
#[derive(Debug, Clone)]
pub struct TimelineDraft<'a> {
    pub kind: TimelineKind,
    pub action: Option<JobAction>,
    pub from_status: Option<JobStatus>,
    pub reason: Option<&'a str>,
    pub detail: Option<String>,
    pub device_time: Option<chrono::DateTime<chrono::Utc>>,
    pub place: Option<shared::Coordinates>,
}

impl TimelineDraft<'_> {
    /// An entry of this kind without further details.
    pub fn new(kind: TimelineKind) -> Self {
        Self {
            kind,
            action: None,
            from_status: None,
            reason: None,
            detail: None,
            device_time: None,
            place: None,
        }
    }
}

/// Writes a timeline entry.
pub fn add_timeline_entry(
    tx: &mut Tx<'_>,
    actor: &Actor,
    job: &JobRow,
    entry: TimelineDraft<'_>,
) -> Result<()> {
    let at = tx.now().naive_utc();
    let row = NewTimelineEntry {
        job_id: job.id,
        kind: entry.kind,
        action: entry.action,
        from_status: entry.from_status,
        to_status: entry.action.map(|_| job.status),
        actor_id: Some(actor.user_id),
        actor_name: &actor.name,
        reason: entry.reason,
        detail: entry.detail.as_deref(),
        device_time: entry.device_time.map(|time| time.naive_utc()),
        latitude: entry.place.map(shared::Coordinates::latitude),
        longitude: entry.place.map(shared::Coordinates::longitude),
        at,
    };
    Ok(tx.add_timeline_entry(&row)?)
}

/// Adds a new photo to the timeline and emits the live event.
pub fn record_photo(
    tx: &mut Tx<'_>,
    actor: &Actor,
    job: &LoadedJob,
    kind: shared::photo::PhotoKind,
) -> Result<()> {
    let entry =
        TimelineDraft { detail: Some(kind.to_string()), ..TimelineDraft::new(TimelineKind::Photo) };
    add_timeline_entry(tx, actor, &job.row, entry)?;
    tx.emit(LiveEvent::JobUpdated(job_event(job, Vec::new())));
    Ok(())
}

/// The job as a live event describes it.
pub fn job_event(job: &LoadedJob, left_technician_ids: Vec<TechnicianId>) -> JobEvent {
    JobEvent {
        id: job.row.id,
        number: job.row.number.clone(),
        job_type: job.row.job_type,
        priority: job.row.priority,
        status: job.row.status,
        due_at: job.row.due_at.and_utc(),
        technician_ids: job.assignee_ids(),
        left_technician_ids,
        version: job.row.version,
    }
}

/// The error for an illegal transition; it lists the legal ones.
pub fn illegal_transition(actor: &Actor, job: &LoadedJob) -> Error {
    let possible = possible_actions(job.row.status, actor.job_caller(&job.assignee_ids()));
    let names: Vec<&str> = possible.iter().map(|action| action.as_str()).collect();
    let list = if names.is_empty() { "–".to_owned() } else { names.join(", ") };
    Error::refuse_with(ErrorCode::IllegalTransition, list)
}
