//! Job transitions, driven by the state machine in `shared`.

use db::Tx;
use db::tables::{job_technicians, jobs as table, technicians};
use shared::audit::AuditAction;
use shared::job::{Job, TimelineKind, TransitionInput, TransitionRequest};
use shared::job_state_machine::{
    JobAction, JobStatus, Transition, TransitionRequirement, TransitionTarget,
};
use shared::live::LiveEvent;
use shared::settings::Settings;
use shared::{ErrorCode, JobId, Permission, Scope, TechnicianId};

use crate::Actor;
use crate::calendar::Calendar;
use crate::customers;
use crate::error::{Error, OrConflict, OrNotFound, Result, check_version};
use crate::inventory::job_materials;
use crate::jobs::assign::{check_technicians_active, notify_assignees};
use crate::jobs::audit_snapshot::record_audit;
use crate::jobs::loading::{
    LoadedJob, TimelineDraft, add_timeline_entry, illegal_transition, job_event,
};
use crate::jobs::{completion_requirements, sla};
use crate::outbox::{self, MissingItem, Notice, Recipient};

/// Executes a transition. `expected` is the version from `If-Match`, if given.
///
/// # Errors
/// `NotFound` (also for other technicians' jobs), `AlreadyClaimed`, `VersionMismatch`,
/// `IllegalTransition`, `Forbidden`, `Required`, `EvidenceMissing`, `InsufficientStock`,
/// `UnitNotAvailable`, `DeviceInstalled`.
pub fn transition(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: JobId,
    expected: Option<i64>,
    request: &TransitionRequest,
) -> Result<Job> {
    let before = LoadedJob::find(tx.conn(), id)?;
    check_access(actor, &before, request.action)?;
    check_version(expected, before.row.version)?;
    let step = request.parse()?;
    let row = step
        .action
        .transition_from(before.row.status)
        .ok_or_else(|| illegal_transition(actor, &before))?;
    if !row.allowed.includes(actor.job_caller(&before.assignee_ids())) {
        return Err(Error::refuse(ErrorCode::Forbidden));
    }
    if row.requires == TransitionRequirement::Reason && step.reason.is_none() {
        return Err(Error::field("reason", ErrorCode::Required));
    }
    let settings = tx.settings()?;
    if step.returned_device.is_some() && !before.row.job_type.profile().exchanges_device {
        return Err(Error::field("returned_device", ErrorCode::UnknownField));
    }
    if row.requires == TransitionRequirement::Evidence {
        completion_requirements::check(tx, &settings, &before, &step)?;
    }
    let mut job = before.clone();
    apply(tx, row, &mut job, &step, &settings)?;
    let now = tx.now().naive_utc();
    table::update(tx.conn(), &mut job.row, None, now)?.or_conflict()?;
    update_assignees(tx, actor, &mut job, step.action)?;
    record_change(tx, actor, &before, &job, &step)?;
    if let (JobAction::Complete, Some(status)) =
        (step.action, job.row.job_type.profile().customer_status)
    {
        customers::set_status(tx, actor, job.row.customer_id, status)?;
    }
    move_material(tx, actor, &job, &step)?;
    if step.action == JobAction::Complete {
        customers::refresh_search(tx, job.row.customer_id)?;
    }
    Ok(job.view_for(actor))
}

/// Technicians can act on own jobs and claim open ones. A claim that comes too late is told who has
/// the job.
fn check_access(actor: &Actor, job: &LoadedJob, action: JobAction) -> Result<()> {
    let own = actor.technician_id;
    let on_job = own.is_some_and(|own| job.assignee_ids().contains(&own));
    if action == JobAction::Claim
        && !on_job
        && job.row.status != JobStatus::Open
        && let Some(lead) = job.lead()
    {
        return Err(Error::refuse_with(ErrorCode::AlreadyClaimed, &lead.name));
    }
    let reach = actor
        .permissions
        .grant(Permission::JobsWork)
        .or(actor.permissions.grant(Permission::JobsRead));
    match reach {
        Some(Scope::All) => Ok(()),
        Some(Scope::Own) if on_job => Ok(()),
        Some(Scope::Own) if action == JobAction::Claim && own.is_some() => Ok(()),
        _ => Err(Error::refuse(ErrorCode::NotFound)),
    }
}

/// Changes the row: status, SLA clock, and the data of the request.
fn apply(
    tx: &mut Tx<'_>,
    row: &Transition,
    job: &mut LoadedJob,
    step: &TransitionInput,
    settings: &Settings,
) -> Result<()> {
    let (now, zone) = (tx.now(), tx.time_zone());
    let calendar = Calendar::new(&settings.calendar, zone);
    let job = &mut job.row;
    let from = job.status;
    job.status = match row.to {
        TransitionTarget::Status(status) => status,
        TransitionTarget::BeforeHold => job.held_status.or_not_found()?,
    };
    match step.action {
        JobAction::Hold => {
            job.held_status = Some(from);
            job.on_hold_reason = step.reason.clone();
            sla::stop_clock(job, calendar, now);
        }
        JobAction::Resume => {
            job.held_status = None;
            job.on_hold_reason = None;
            sla::start_clock(job, calendar, settings, now);
        }
        JobAction::Complete => {
            job.report = step.report.clone();
            job.ont_serial_number = step.ont_serial_number.clone();
            job.attenuation_dbm = step.attenuation_dbm;
            let returned = step.returned_device.clone();
            job.returned_condition = returned.as_ref().map(|device| device.condition);
            job.returned_serial_number = returned.map(|device| device.serial_number);
            job.completed_at = Some(now.naive_utc());
            sla::stop_clock(job, calendar, now);
        }
        JobAction::Cancel => {
            job.held_status = None;
            job.on_hold_reason = None;
            sla::stop_clock(job, calendar, now);
        }
        JobAction::Reopen => {
            job.completed_at = None;
            sla::start_clock(job, calendar, settings, now);
        }
        _ => {}
    }
    Ok(())
}

fn update_assignees(
    tx: &mut Tx<'_>,
    actor: &Actor,
    job: &mut LoadedJob,
    action: JobAction,
) -> Result<()> {
    let crew: Vec<TechnicianId> = match action {
        JobAction::Claim => {
            let crew: Vec<TechnicianId> = actor.technician_id.into_iter().collect();
            check_technicians_active(tx, &crew)?;
            crew
        }
        JobAction::Decline | JobAction::Unassign => Vec::new(),
        _ => return Ok(()),
    };
    job_technicians::replace(tx.conn(), job.row.id, &crew)?;
    job.assignees = job_technicians::for_job(tx.conn(), job.row.id)?;
    Ok(())
}

fn record_change(
    tx: &mut Tx<'_>,
    actor: &Actor,
    before: &LoadedJob,
    job: &LoadedJob,
    step: &TransitionInput,
) -> Result<()> {
    let entry = TimelineDraft {
        kind: TimelineKind::Transition,
        action: Some(step.action),
        from_status: Some(before.row.status),
        reason: step.reason.as_deref(),
        detail: None,
        device_time: step.device_time,
        place: step.place,
    };
    add_timeline_entry(tx, actor, &job.row, entry)?;
    if let (Some(technician), Some(place)) = (actor.technician_id, step.place) {
        let now = tx.now().naive_utc();
        technicians::set_last_seen(tx.conn(), technician, place, now)?;
    }
    record_audit(tx, actor, audit_action(step.action), Some(before), job)?;
    let (job_id, number) = (job.row.id, job.row.number.clone());
    let dedupe_key = format!("{job_id}:{}", job.row.version);
    let left = match step.action {
        JobAction::Claim | JobAction::Unassign => notify_assignees(tx, before, job)?,
        _ => before
            .assignee_ids()
            .into_iter()
            .filter(|id| !job.assignee_ids().contains(id))
            .collect(),
    };
    if before.row.status == JobStatus::Open && job.row.status != JobStatus::Open {
        outbox::close_offers(tx, job_id, &number)?;
    }
    if step.action == JobAction::Cancel {
        for technician in job.assignee_ids() {
            let notice = Notice::JobCancelled { job_id, number: number.clone() };
            outbox::enqueue(tx, Recipient::Technician(technician), &notice, &dedupe_key)?;
        }
    }
    if job.row.status == JobStatus::Open {
        let offer = Notice::JobOffered { job_id, number, priority: job.row.priority };
        outbox::enqueue_for_technicians(tx, &offer, dedupe_key)?;
    }
    tx.emit(LiveEvent::JobUpdated(job_event(job, left)));
    Ok(())
}

/// Issues material to the bag on acceptance, and books used material to the customer on completion.
fn move_material(
    tx: &mut Tx<'_>,
    actor: &Actor,
    job: &LoadedJob,
    step: &TransitionInput,
) -> Result<()> {
    let own = actor.technician_id.filter(|own| job.assignee_ids().contains(own));
    let bag = own.or(job.lead().map(|lead| lead.technician_id));
    match (step.action, bag) {
        (JobAction::Claim | JobAction::Accept, Some(technician)) => {
            let missing =
                job_materials::issue_on_accept(tx, actor, job.row.id, &job.row.number, technician)?;
            record_short_stock(tx, actor, job, &missing)
        }
        (JobAction::Complete, Some(technician)) => {
            let device = job.row.job_type.profile().device;
            let (id, customer) = (job.row.id, job.row.customer_id);
            let lines =
                job_materials::move_device(tx, actor, id, customer, technician, device, step)?;
            job_materials::consume_on_completion(tx, actor, job.row.id, technician, &lines)
        }
        _ => Ok(()),
    }
}

fn record_short_stock(
    tx: &mut Tx<'_>,
    actor: &Actor,
    job: &LoadedJob,
    missing: &[MissingItem],
) -> Result<()> {
    if missing.is_empty() {
        return Ok(());
    }
    let list: Vec<String> =
        missing.iter().map(|m| format!("{} × {}", m.quantity, m.name)).collect();
    let entry = TimelineDraft {
        detail: Some(list.join(", ")),
        ..TimelineDraft::new(TimelineKind::ShortStock)
    };
    add_timeline_entry(tx, actor, &job.row, entry)
}

const fn audit_action(action: JobAction) -> AuditAction {
    match action {
        JobAction::Assign => AuditAction::JobAssign,
        JobAction::Claim => AuditAction::JobClaim,
        JobAction::Accept => AuditAction::JobAccept,
        JobAction::Decline => AuditAction::JobDecline,
        JobAction::Unassign => AuditAction::JobUnassign,
        JobAction::Depart => AuditAction::JobDepart,
        JobAction::Start => AuditAction::JobStart,
        JobAction::Hold => AuditAction::JobHold,
        JobAction::Resume => AuditAction::JobResume,
        JobAction::Complete => AuditAction::JobComplete,
        JobAction::Verify => AuditAction::JobVerify,
        JobAction::Cancel => AuditAction::JobCancel,
        JobAction::Reopen => AuditAction::JobReopen,
    }
}
