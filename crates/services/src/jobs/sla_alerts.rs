//! SLA alerts to the admins.

use db::Tx;
use db::tables::jobs::JobRow;
use db::tables::{settings, sla_alerts};
use shared::job::{JobPriority, JobType, SlaLevel};
use shared::live::LiveEvent;
use shared::settings::Settings;

use crate::calendar::Calendar;
use crate::error::Result;
use crate::jobs::loading::{LoadedJob, job_event};
use crate::jobs::sla::budget_seconds;
use crate::outbox::{self, Notice, Recipient};

/// Maximum alerts per run; the rest follows in the next run.
const MAX_ALERTS_PER_RUN: i64 = 200;

/// Sends a warning when a quarter of a job's working time is left and another alert when it is
/// overdue, each once per due time. Returns how many were sent.
pub fn send_sla_alerts(tx: &mut Tx<'_>) -> Result<usize> {
    let settings = settings::load(tx.conn())?;
    let (now, zone) = (tx.now(), tx.time_zone());
    let calendar = Calendar::new(&settings.calendar, zone);
    let mut sent = 0;
    let late = sla_alerts::list_unalerted(
        tx.conn(),
        SlaLevel::Breach,
        None,
        now.naive_utc(),
        MAX_ALERTS_PER_RUN,
    )?;
    for job in late {
        sent += usize::from(send_alert(tx, &job, SlaLevel::Breach)?);
    }
    let horizon = calendar.add(now, longest_budget(&settings) / 4).naive_utc();
    let after = Some(now.naive_utc());
    let near = sla_alerts::list_unalerted(
        tx.conn(),
        SlaLevel::Warning,
        after,
        horizon,
        MAX_ALERTS_PER_RUN,
    )?;
    for job in near {
        let left = calendar.between(now, job.due_at.and_utc());
        if left <= budget_seconds(&settings, job.job_type, job.priority) / 4 {
            sent += usize::from(send_alert(tx, &job, SlaLevel::Warning)?);
        }
    }
    Ok(sent)
}

fn longest_budget(settings: &Settings) -> i64 {
    let budgets = JobType::ALL.iter().map(|&of| budget_seconds(settings, of, JobPriority::Low));
    budgets.max().unwrap_or_default()
}

fn send_alert(tx: &mut Tx<'_>, job: &JobRow, level: SlaLevel) -> Result<bool> {
    let now = tx.now().naive_utc();
    if !sla_alerts::insert(tx.conn(), job.id, level, job.due_at, now)? {
        return Ok(false);
    }
    let (job_id, number, due_at) = (job.id, job.number.clone(), job.due_at.and_utc());
    let shown = job_event(&LoadedJob::find(tx.conn(), job_id)?, Vec::new());
    let (notice, live) = match level {
        SlaLevel::Warning => {
            (Notice::SlaWarning { job_id, number, due_at }, LiveEvent::SlaWarning(shown))
        }
        SlaLevel::Breach => {
            (Notice::SlaBreached { job_id, number, due_at }, LiveEvent::SlaBreached(shown))
        }
    };
    let dedupe_key = format!("{job_id}:{}", due_at.timestamp());
    outbox::enqueue(tx, Recipient::Admins, &notice, &dedupe_key)?;
    tx.emit(live);
    Ok(true)
}
