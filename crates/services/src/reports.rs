//! Reports on a period: created and completed jobs, punctuality, top technicians.

use std::collections::HashMap;

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use db::Conn;
use db::tables::completed_jobs::{self, CompletedAssignment, ReportedJob};
use db::tables::{jobs, technicians};
use shared::dashboard::DayCount;
use shared::job::JobType;
use shared::{JobId, Permission, TechnicianId};

use crate::Actor;
use crate::calendar::start_of_day;
use crate::error::Result;

/// Number of technicians listed in a report.
const MAX_TOP_TECHNICIANS: usize = 5;
/// Minimum days of the chart: a single bar would say nothing.
const MIN_CHART_DAYS: u64 = 7;

/// The days that a report covers, up to today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    Today,
    /// Seven days.
    Week,
    /// Thirty days.
    Month,
}

impl Period {
    /// Number of days.
    pub const fn days(self) -> u64 {
        match self {
            Period::Today => 1,
            Period::Week => 7,
            Period::Month => 30,
        }
    }
}

/// The report of a period.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    pub created: i64,
    pub completed: i64,
    /// Completed jobs that were on time.
    pub on_time: i64,
    /// Only types with completed jobs.
    pub by_type: Vec<JobTypeStats>,
    /// The technicians with the most completed jobs, at most five.
    pub top: Vec<TopTechnician>,
    /// Oldest first; at least the last seven days.
    pub days: Vec<DayCount>,
}

impl Report {
    /// Percentage of completed jobs that were on time; `None` without any job.
    pub fn on_time_percent(&self) -> Option<i64> {
        let done = self.completed;
        (done > 0).then(|| (self.on_time * 100 + done / 2) / done)
    }
}

/// Completed jobs of one type.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct JobTypeStats {
    pub job_type: JobType,
    pub completed: i64,
    /// From the start of the work to its completion.
    pub average_hours: Option<f64>,
}

/// Completed jobs of one technician.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopTechnician {
    pub id: TechnicianId,
    pub name: String,
    pub completed: i64,
    pub on_time: i64,
}

/// Loads the report of a period that ends now; days begin at midnight in `zone`.
///
/// # Errors
/// `Forbidden`.
pub fn load(
    conn: &mut Conn,
    actor: &Actor,
    now: DateTime<Utc>,
    zone: Tz,
    period: Period,
) -> Result<Report> {
    actor.scope(Permission::ReportsRead)?;
    let first =
        |days: u64| start_of_day(now - TimeDelta::days(days.cast_signed() - 1), zone).naive_utc();
    let since = first(period.days());
    let shown = period.days().max(MIN_CHART_DAYS);
    let created = jobs::created_since(conn, first(shown))?;
    let completed = completed_jobs::since(conn, first(shown))?;
    let days = days(&created, &completed, now, zone, shown);
    let within: Vec<ReportedJob> =
        completed.into_iter().filter(|job| job.completed_at >= Some(since)).collect();
    let begun = completed_jobs::started_since(conn, since)?.into_iter().collect();
    let shares = completed_jobs::assignments_since(conn, since)?;
    Ok(Report {
        created: created.iter().filter(|at| **at >= since).count() as i64,
        completed: within.len() as i64,
        on_time: within.iter().filter(|job| is_on_time(job.completed_at, job.due_at)).count()
            as i64,
        by_type: by_type(&within, &begun),
        top: top(conn, &shares)?,
        days,
    })
}

fn is_on_time(completed_at: Option<NaiveDateTime>, due_at: NaiveDateTime) -> bool {
    completed_at.is_some_and(|at| at <= due_at)
}

fn days(
    created: &[NaiveDateTime],
    completed: &[ReportedJob],
    now: DateTime<Utc>,
    zone: Tz,
    count: u64,
) -> Vec<DayCount> {
    let day_of = |at: &NaiveDateTime| at.and_utc().with_timezone(&zone).date_naive();
    let mut by_day: HashMap<NaiveDate, (i64, i64)> = HashMap::new();
    for at in created {
        by_day.entry(day_of(at)).or_default().0 += 1;
    }
    for at in completed.iter().filter_map(|job| job.completed_at.as_ref()) {
        by_day.entry(day_of(at)).or_default().1 += 1;
    }
    let today = now.with_timezone(&zone).date_naive();
    (0..count)
        .rev()
        .filter_map(|back| today.checked_sub_days(Days::new(back)))
        .map(|day| {
            let (created, completed) = by_day.get(&day).copied().unwrap_or_default();
            DayCount { day, created, completed }
        })
        .collect()
}

fn by_type(
    completed: &[ReportedJob],
    begun: &HashMap<JobId, Option<NaiveDateTime>>,
) -> Vec<JobTypeStats> {
    let figures = |&job_type: &JobType| {
        let of_type: Vec<&ReportedJob> =
            completed.iter().filter(|job| job.job_type == job_type).collect();
        let took = |job: &&ReportedJob| {
            let start = begun.get(&job.id).copied().flatten()?;
            Some((job.completed_at? - start).num_seconds() as f64 / 3_600.0)
        };
        let hours: Vec<f64> = of_type.iter().filter_map(took).collect();
        let average = (!hours.is_empty()).then(|| hours.iter().sum::<f64>() / hours.len() as f64);
        JobTypeStats { job_type, completed: of_type.len() as i64, average_hours: average }
    };
    JobType::ALL.iter().map(figures).filter(|figures| figures.completed > 0).collect()
}

fn top(conn: &mut Conn, shares: &[CompletedAssignment]) -> Result<Vec<TopTechnician>> {
    let mut counts: HashMap<TechnicianId, (i64, i64)> = HashMap::new();
    for share in shares {
        let (completed, on_time) = counts.entry(share.technician_id).or_default();
        *completed += 1;
        *on_time += i64::from(is_on_time(share.completed_at, share.due_at));
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|&(id, (completed, on_time))| (-completed, -on_time, id));
    counts.truncate(MAX_TOP_TECHNICIANS);
    let mut top = Vec::with_capacity(counts.len());
    for (id, (completed, on_time)) in counts {
        let Some((row, _)) = technicians::find(conn, id)? else { continue };
        top.push(TopTechnician { id, name: row.name, completed, on_time });
    }
    Ok(top)
}
