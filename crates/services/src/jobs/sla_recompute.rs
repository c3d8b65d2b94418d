//! Due times of open jobs after a change of the working calendar or of the SLA hours.

use db::Tx;
use db::tables::jobs as table;
use shared::job::TimelineKind;
use shared::live::LiveEvent;
use shared::settings::Settings;

use crate::Actor;
use crate::calendar::Calendar;
use crate::error::{OrConflict, Result};
use crate::jobs::loading::{LoadedJob, TimelineDraft, add_timeline_entry, job_event};
use crate::jobs::sla;

/// Name of the changed field in the timeline.
const DUE_AT: &str = "due_at";

/// Recomputes the due time of every unfinished job, at once and by the new settings, with an entry in the
/// timeline of each job that it changes. Time used before the last stop of the clock is kept.
pub(crate) fn recompute_open_jobs(
    tx: &mut Tx<'_>,
    actor: &Actor,
    settings: &Settings,
) -> Result<()> {
    let (now, zone) = (tx.now(), tx.time_zone());
    let calendar = Calendar::new(&settings.calendar, zone);
    for id in table::unfinished_ids(tx.conn())? {
        let mut job = LoadedJob::find(tx.conn(), id)?;
        let before = job.row.due_at;
        sla::recompute_due_at(&mut job.row, calendar, settings, now);
        // Within a minute nobody sees a difference; a stopped clock moves by the seconds since the stop.
        if (job.row.due_at - before).num_seconds().abs() < 60 || job.row.sla_running_since.is_none()
        {
            continue;
        }
        table::update(tx.conn(), &mut job.row, None, now.naive_utc())?.or_conflict()?;
        let entry = TimelineDraft {
            detail: Some(DUE_AT.to_owned()),
            ..TimelineDraft::new(TimelineKind::Edited)
        };
        add_timeline_entry(tx, actor, &job.row, entry)?;
        tx.emit(LiveEvent::JobUpdated(job_event(&job, Vec::new())));
    }
    Ok(())
}
