//! Statistics of a technician's completed jobs.

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use chrono_tz::Tz;
use db::Conn;
use db::tables::completed_jobs;
use shared::{JobId, TechnicianId};

use crate::calendar::start_of_day;
use crate::error::Result;

/// Statistics of one technician.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct TechnicianStats {
    /// Jobs completed since Monday.
    pub this_week: i64,
    /// Jobs completed since the first of the month.
    pub this_month: i64,
    /// Jobs of this month that were completed before they were due.
    pub on_time: i64,
    /// Average hours from the start of the work to its completion, this month.
    pub average_hours: Option<f64>,
}

impl TechnicianStats {
    /// Percentage of this month's jobs that were on time; `None` without any job.
    pub fn on_time_percent(&self) -> Option<i64> {
        (self.this_month > 0).then(|| (self.on_time * 100 + self.this_month / 2) / self.this_month)
    }
}

/// Computes the statistics at this moment; days begin at midnight in `zone`.
pub fn load(
    conn: &mut Conn,
    technician: TechnicianId,
    now: DateTime<Utc>,
    zone: Tz,
) -> Result<TechnicianStats> {
    let today = now.with_timezone(&zone).date_naive();
    let back = |days: u32| start_of_day(now - TimeDelta::days(days.into()), zone);
    let monday = back(today.weekday().num_days_from_monday());
    let first = back(today.day0());
    let since = monday.min(first).naive_utc();
    let jobs = completed_jobs::for_technician(conn, technician, since)?;
    let ids: Vec<JobId> = jobs.iter().map(|job| job.id).collect();
    let begun = completed_jobs::started_at(conn, &ids)?;
    let mut figures = TechnicianStats::default();
    let mut hours = Vec::new();
    for job in &jobs {
        let Some(done) = job.completed_at else { continue };
        figures.this_week += i64::from(done.and_utc() >= monday);
        if done.and_utc() < first {
            continue;
        }
        figures.this_month += 1;
        figures.on_time += i64::from(done <= job.due_at);
        let start = begun.iter().find(|(id, _)| *id == job.id).and_then(|(_, at)| *at);
        hours.extend(start.map(|start| (done - start).num_seconds() as f64 / 3_600.0));
    }
    if !hours.is_empty() {
        figures.average_hours = Some(hours.iter().sum::<f64>() / hours.len() as f64);
    }
    Ok(figures)
}

/// Time from the first start of a completed job to its completion.
pub fn work_duration(
    conn: &mut Conn,
    id: JobId,
    completed_at: DateTime<Utc>,
) -> Result<Option<TimeDelta>> {
    let begun = completed_jobs::started_at(conn, &[id])?;
    let start = begun.first().and_then(|(_, at)| *at);
    Ok(start.map(|start| completed_at - start.and_utc()))
}
