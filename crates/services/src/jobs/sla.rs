//! SLA clock of a job.
//!
//! The type and priority of a job give a budget of working time. The clock runs from the creation, or
//! from the appointment if there is one, stops while the job is on hold, and ends with the job. A changed
//! priority or calendar keeps the time already used.

use chrono::{DateTime, TimeDelta, Utc};
use db::tables::jobs::JobRow;
use shared::job::{JobPriority, JobType};
use shared::settings::Settings;

use crate::calendar::Calendar;

/// Working seconds until a job is due: the hours of its type, a quarter of them when urgent, half
/// when high, double when low.
pub fn budget_seconds(settings: &Settings, job_type: JobType, priority: JobPriority) -> i64 {
    let base = settings.for_job_type(job_type).sla_hours * 3_600;
    match priority {
        JobPriority::Urgent => base / 4,
        JobPriority::High => base / 2,
        JobPriority::Normal => base,
        JobPriority::Low => base * 2,
    }
}

/// Due time of a job with this much used time whose clock runs from `now`.
fn due_at(calendar: Calendar<'_>, now: DateTime<Utc>, budget: i64, used: i64) -> DateTime<Utc> {
    if used <= budget {
        calendar.add(now, budget - used)
    } else {
        now - TimeDelta::seconds(used - budget)
    }
}

/// Due time of a new job.
pub fn initial_due_at(
    calendar: Calendar<'_>,
    now: DateTime<Utc>,
    appointment: Option<DateTime<Utc>>,
    budget: i64,
) -> DateTime<Utc> {
    due_at(calendar, appointment.map_or(now, |start| start.max(now)), budget, 0)
}

/// Changes the appointment. The time used so far is kept; the clock goes on with the new appointment.
pub fn reschedule(
    job: &mut JobRow,
    calendar: Calendar<'_>,
    now: DateTime<Utc>,
    appointment: Option<DateTime<Utc>>,
) {
    job.sla_used_seconds = used_seconds(job, calendar, now);
    if job.sla_running_since.is_some() {
        job.sla_running_since = Some(now.naive_utc());
    }
    job.scheduled_start = appointment.map(|time| time.naive_utc());
}

/// Stops the clock.
pub fn stop_clock(job: &mut JobRow, calendar: Calendar<'_>, now: DateTime<Utc>) {
    job.sla_used_seconds = used_seconds(job, calendar, now);
    job.sla_running_since = None;
}

/// Restarts the clock; the due time moves by the time that it was stopped.
pub fn start_clock(
    job: &mut JobRow,
    calendar: Calendar<'_>,
    settings: &Settings,
    now: DateTime<Utc>,
) {
    job.sla_running_since = Some(now.naive_utc());
    recompute_due_at(job, calendar, settings, now);
}

/// Recomputes the due time after a change of priority, appointment or settings.
pub fn recompute_due_at(
    job: &mut JobRow,
    calendar: Calendar<'_>,
    settings: &Settings,
    now: DateTime<Utc>,
) {
    let budget = budget_seconds(settings, job.job_type, job.priority);
    let used = used_seconds(job, calendar, now);
    let start = job.scheduled_start.map_or(now, |appointment| appointment.and_utc().max(now));
    job.due_at = due_at(calendar, start, budget, used).naive_utc();
}

fn used_seconds(job: &JobRow, calendar: Calendar<'_>, now: DateTime<Utc>) -> i64 {
    let since = job.sla_running_since.map(|since| {
        let appointment = job.scheduled_start.filter(|appointment| *appointment > since);
        appointment.unwrap_or(since)
    });
    let running = since.map_or(0, |since| calendar.between(since.and_utc(), now));
    job.sla_used_seconds + running
}
