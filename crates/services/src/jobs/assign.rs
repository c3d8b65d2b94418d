//! Assignment of jobs to technicians.

use db::Tx;
use db::tables::{job_technicians, jobs as table, technicians};
use shared::audit::AuditAction;
use shared::job::{AssignRequest, Job, TimelineKind};
use shared::job_state_machine::{JobAction, JobStatus};
use shared::live::LiveEvent;
use shared::validate::FieldFault;
use shared::{ErrorCode, JobId, Permission, TechnicianId};

use crate::Actor;
use crate::error::{Error, OrConflict, Result, check_version};
use crate::jobs::audit_snapshot::record_audit;
use crate::jobs::candidates;
use crate::jobs::loading::{
    LoadedJob, TimelineDraft, add_timeline_entry, illegal_transition, job_event, load_for_change,
};
use crate::outbox::{self, Notice, Recipient};

/// Assigns a job to one or more technicians, or reassigns it. The first one is the lead. With
/// `auto` the best candidate gets it.
///
/// # Errors
/// `Forbidden`, `NotFound`, `VersionMismatch`, `IllegalTransition`, `NoCandidate`, `TechnicianInactive`,
/// `UnknownReference`.
pub fn assign(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: JobId,
    expected: Option<i64>,
    request: &AssignRequest,
) -> Result<Job> {
    let before = load_for_change(tx, actor, Permission::JobsAssign, id)?;
    check_version(expected, before.row.version)?;
    let mut request = request.parse()?;
    if JobAction::Assign.transition_from(before.row.status).is_none() {
        return Err(illegal_transition(actor, &before));
    }
    if request.auto {
        let now = tx.now();
        request.technician_ids = vec![candidates::best_candidate(tx.conn(), &before, now)?];
    }
    check_technicians_active(tx, &request.technician_ids)?;
    let mut job = before.clone();
    job.row.status = JobStatus::Assigned;
    let now = tx.now().naive_utc();
    table::update(tx.conn(), &mut job.row, None, now)?.or_conflict()?;
    job_technicians::replace(tx.conn(), id, &request.technician_ids)?;
    job.assignees = job_technicians::for_job(tx.conn(), id)?;
    let names: Vec<&str> =
        job.assignees.iter().map(|technician| technician.name.as_str()).collect();
    let entry = TimelineDraft {
        action: Some(JobAction::Assign),
        from_status: Some(before.row.status),
        reason: request.reason.as_deref(),
        detail: Some(names.join(", ")),
        ..TimelineDraft::new(TimelineKind::Transition)
    };
    add_timeline_entry(tx, actor, &job.row, entry)?;
    record_audit(tx, actor, AuditAction::JobAssign, Some(&before), &job)?;
    if before.row.status == JobStatus::Open {
        outbox::close_offers(tx, id, &job.row.number)?;
    }
    let left = notify_assignees(tx, &before, &job)?;
    tx.emit(LiveEvent::JobUpdated(job_event(&job, left)));
    Ok(job.view_for(actor))
}

/// Rejects inactive technicians, and locks the active ones so that they can not be deactivated
/// before the commit.
pub(super) fn check_technicians_active(tx: &mut Tx<'_>, ids: &[TechnicianId]) -> Result<()> {
    for (index, &id) in ids.iter().enumerate() {
        match technicians::is_active(tx.conn(), id)? {
            Some(true) => {}
            Some(false) => return Err(Error::refuse(ErrorCode::TechnicianInactive)),
            None => {
                let field = format!("technician_ids[{index}]");
                return Err(vec![FieldFault::new(field, ErrorCode::UnknownReference)].into());
            }
        }
    }
    Ok(())
}

/// Notifies those who got the job and those who lost it; returns the latter.
pub fn notify_assignees(
    tx: &mut Tx<'_>,
    before: &LoadedJob,
    after: &LoadedJob,
) -> Result<Vec<TechnicianId>> {
    let (old, new) = (before.assignee_ids(), after.assignee_ids());
    let dedupe_key = format!("{}:{}", after.row.id, after.row.version);
    let (job_id, number) = (after.row.id, after.row.number.clone());
    for &technician in new.iter().filter(|id| !old.contains(id)) {
        let notice = Notice::JobAssigned { job_id, number: number.clone() };
        outbox::enqueue(tx, Recipient::Technician(technician), &notice, &dedupe_key)?;
    }
    let left: Vec<TechnicianId> = old.into_iter().filter(|id| !new.contains(id)).collect();
    for &technician in &left {
        let notice = Notice::JobTakenAway { job_id, number: number.clone() };
        outbox::enqueue(tx, Recipient::Technician(technician), &notice, &dedupe_key)?;
    }
    Ok(left)
}
