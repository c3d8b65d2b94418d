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

/// Recomputes the due time of every unfinished job whose clock runs, at once and by the new settings, with an entry in the
/// timeline of each job that it changes. Time used before the last stop of the clock is kept; a
/// stopped clock is computed by the new settings when it starts again.
pub(crate) fn recompute_open_jobs(
    tx: &mut Tx<'_>,
    actor: &Actor,
    settings: &Settings,
) -> Result<()> {
    let (now, zone) = (tx.now(), tx.time_zone());
    let calendar = Calendar::new(&settings.calendar, zone);
    for mut row in table::with_running_clock(tx.conn())? {
        let before = row.due_at;
        sla::recompute_due_at(&mut row, calendar, settings, now);
        // Within a minute nobody sees a difference.
        if (row.due_at - before).num_seconds().abs() < 60 {
            continue;
        }
        let mut job = LoadedJob::find(tx.conn(), row.id)?;
        job.row.due_at = row.due_at;
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
