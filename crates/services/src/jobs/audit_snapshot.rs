//! Audit snapshots of jobs.

use chrono::{DateTime, Utc};
use db::Tx;
use serde::Serialize;
use shared::audit::AuditAction;
use shared::job::{DeviceCondition, JobPriority, JobType};
use shared::job_state_machine::JobStatus;
use shared::{CustomerId, TechnicianId};

use crate::Actor;
use crate::audit::{self, AuditEvent};
use crate::error::Result;
use crate::jobs::loading::LoadedJob;

/// Records the audit entry of a change.
pub fn record_audit(
    tx: &mut Tx<'_>,
    actor: &Actor,
    action: AuditAction,
    before: Option<&LoadedJob>,
    after: &LoadedJob,
) -> Result<()> {
    let event = AuditEvent { action, entity_id: after.row.id.0 };
    let before = before.map(JobSnapshot::new);
    audit::record(tx, actor, event, before.as_ref(), Some(&JobSnapshot::new(after)))
}

/// A job as recorded in the audit.
#[derive(Serialize)]
struct JobSnapshot<'a> {
    number: &'a str,
    #[serde(rename = "type")]
    job_type: JobType,
    priority: JobPriority,
    status: JobStatus,
    title: &'a str,
    description: Option<&'a str>,
    customer_id: CustomerId,
    address: &'a str,
    latitude: Option<f64>,
    longitude: Option<f64>,
    scheduled_start: Option<DateTime<Utc>>,
    scheduled_end: Option<DateTime<Utc>>,
    due_at: DateTime<Utc>,
    on_hold_reason: Option<&'a str>,
    report: Option<&'a str>,
    ont_serial_number: Option<&'a str>,
    attenuation_dbm: Option<f64>,
    returned_serial_number: Option<&'a str>,
    returned_condition: Option<DeviceCondition>,
    /// The lead first.
    technician_ids: Vec<TechnicianId>,
    version: i64,
}

impl<'a> JobSnapshot<'a> {
    fn new(job: &'a LoadedJob) -> Self {
        let row = &job.row;
        Self {
            number: &row.number,
            job_type: row.job_type,
            priority: row.priority,
            status: row.status,
            title: &row.title,
            description: row.description.as_deref(),
            customer_id: row.customer_id,
            address: &row.address,
            latitude: row.latitude,
            longitude: row.longitude,
            scheduled_start: row.scheduled_start.map(|time| time.and_utc()),
            scheduled_end: row.scheduled_end.map(|time| time.and_utc()),
            due_at: row.due_at.and_utc(),
            on_hold_reason: row.on_hold_reason.as_deref(),
            report: row.report.as_deref(),
            ont_serial_number: row.ont_serial_number.as_deref(),
            attenuation_dbm: row.attenuation_dbm,
            returned_serial_number: row.returned_serial_number.as_deref(),
            returned_condition: row.returned_condition,
            technician_ids: job.assignee_ids(),
            version: row.version,
        }
    }
}
