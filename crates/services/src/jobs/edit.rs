//! Editing of jobs.

use db::Tx;
use db::tables::installed_devices;
use db::tables::jobs::{self as table, SearchedTexts};
use shared::audit::AuditAction;
use shared::job::{Job, JobUpdate, TimelineKind};
use shared::live::LiveEvent;
use shared::{Coordinates, ErrorCode, JobId, Permission};

use crate::Actor;
use crate::calendar::Calendar;
use crate::error::{Error, OrConflict, Result, check_version};
use crate::jobs::audit_snapshot::record_audit;
use crate::jobs::loading::{TimelineDraft, add_timeline_entry, job_event, load_for_change};
use crate::jobs::sla;

/// Updates priority, title, description, location and schedule. A changed priority or
/// appointment keeps the working time that is already used.
///
/// # Errors
/// `Forbidden`, `NotFound`, `VersionMismatch`, `JobNotEditable`, `InThePast`, invalid fields.
pub fn update(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: JobId,
    expected: Option<i64>,
    request: &JobUpdate,
) -> Result<Job> {
    let before = load_for_change(tx, actor, Permission::JobsEdit, id)?;
    check_version(expected, before.row.version)?;
    let facts = request.parse()?;
    if !before.row.status.is_editable() {
        return Err(Error::refuse(ErrorCode::JobNotEditable));
    }
    let new_start = facts.schedule.start.map(|time| time.naive_utc());
    if new_start != before.row.scheduled_start {
        facts.schedule.check_not_past(tx.now())?;
    }
    let mut job = before.clone();
    let row = &mut job.row;
    let schedule = facts.schedule;
    row.title = facts.title;
    row.description = facts.description;
    row.address = facts.address;
    row.latitude = facts.coordinates.map(Coordinates::latitude);
    row.longitude = facts.coordinates.map(Coordinates::longitude);
    row.scheduled_end = schedule.end.map(|time| time.naive_utc());
    let moved = row.scheduled_start != schedule.start.map(|time| time.naive_utc());
    if moved || row.priority != facts.priority {
        row.priority = facts.priority;
        let settings = tx.settings()?;
        let calendar = Calendar::new(&settings.calendar, tx.time_zone());
        if moved {
            sla::reschedule(row, calendar, tx.now(), schedule.start);
        }
        sla::recompute_due_at(row, calendar, &settings, tx.now());
    }
    let detail = changed_fields(&before.row, &job.row);
    if detail.is_empty() {
        return Ok(before.view_for(actor));
    }
    let devices = installed_devices::serials_of(tx.conn(), job.row.customer_id)?;
    let search = SearchedTexts::of(&job.row).search_text(&job.customer, &devices);
    let now = tx.now().naive_utc();
    table::update(tx.conn(), &mut job.row, Some(&search), now)?.or_conflict()?;
    let entry = TimelineDraft {
        detail: Some(detail.join(", ")),
        ..TimelineDraft::new(TimelineKind::Edited)
    };
    add_timeline_entry(tx, actor, &job.row, entry)?;
    record_audit(tx, actor, AuditAction::JobUpdate, Some(&before), &job)?;
    tx.emit(LiveEvent::JobUpdated(job_event(&job, Vec::new())));
    Ok(job.view_for(actor))
}

fn changed_fields(before: &table::JobRow, after: &table::JobRow) -> Vec<&'static str> {
    let changes = [
        ("priority", before.priority != after.priority),
        ("title", before.title != after.title),
        ("description", before.description != after.description),
        ("address", before.address != after.address),
        ("place", (before.latitude, before.longitude) != (after.latitude, after.longitude)),
        (
            "schedule",
            (before.scheduled_start, before.scheduled_end)
                != (after.scheduled_start, after.scheduled_end),
        ),
    ];
    changes.into_iter().filter(|(_, changed)| *changed).map(|(field, _)| field).collect()
}
