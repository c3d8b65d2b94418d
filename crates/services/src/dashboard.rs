//! Dashboard: counters and items needing attention.

use std::ops::Range;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use db::Conn;
use db::tables::items::{self, ItemFilter};
use db::tables::jobs::{self as table, JobCounts, JobFilter};
use db::tables::technicians;
use shared::dashboard::{Dashboard, DayCount, StatusCount, Trend};
use shared::inventory::{Item, ItemSort};
use shared::job::{Job, JobSort};
use shared::job_state_machine::JobStatus;
use shared::{JobId, Permission};

use crate::Actor;
use crate::calendar::{span_of_day, start_of_day};
use crate::error::Result;
use crate::jobs::{DUE_SOON_WINDOW, LoadedJob};

/// Days shown in the chart.
const CHART_DAYS: u64 = 14;
/// Maximum number of jobs needing attention.
const MAX_ATTENTION_JOBS: usize = 10;
/// Maximum number of low-stock items.
const MAX_LOW_STOCK_ITEMS: i64 = 8;

/// Loads the dashboard.
pub fn load(conn: &mut Conn, actor: &Actor, now: DateTime<Utc>, zone: Tz) -> Result<Dashboard> {
    let by_status = by_status(conn)?;
    let of = |status| by_status.iter().find(|count| count.status == status).map_or(0, |c| c.count);
    let Activity { created_today, completed_today, days } = activity(conn, now, zone)?;
    let (technicians_active, technicians_on_duty) = technicians::count_active(conn)?;
    Ok(Dashboard {
        overdue: count_due(conn, now)?,
        due_soon: count_due(conn, now + DUE_SOON_WINDOW)? - count_due(conn, now)?,
        unassigned: of(JobStatus::Open),
        created_today,
        completed_today,
        days,
        technicians_on_duty,
        technicians_active,
        low_stock: low_stock(conn, actor)?,
        needs_attention: needs_attention(conn, actor, now)?,
        by_status,
    })
}

fn by_status(conn: &mut Conn) -> Result<Vec<StatusCount>> {
    let counted = table::count_by_status(conn, &listed_statuses())?;
    let count = |status| counted.iter().find(|(s, _)| *s == status).map_or(0, |(_, count)| *count);
    let row = |status| StatusCount { status, count: count(status) };
    Ok(listed_statuses().into_iter().map(row).collect())
}

/// Unfinished statuses, and `completed`, which waits for verification.
fn listed_statuses() -> Vec<JobStatus> {
    JobStatus::ALL.iter().copied().filter(|status| !status.is_final()).collect()
}

fn count_due(conn: &mut Conn, before: DateTime<Utc>) -> Result<i64> {
    let filter = JobFilter { due_before: Some(before.naive_utc()), ..JobFilter::default() };
    Ok(table::count(conn, &filter)?)
}

/// New and completed jobs of the last days.
struct Activity {
    created_today: Trend,
    completed_today: Trend,
    days: Vec<DayCount>,
}

fn activity(conn: &mut Conn, now: DateTime<Utc>, zone: Tz) -> Result<Activity> {
    let today = start_of_day(now, zone);
    let until_now = now + TimeDelta::microseconds(1);
    let day = TimeDelta::days(1);
    let chart = last_days(now, zone);
    let mut spans = vec![today..until_now, today - day..until_now - day];
    spans.extend(chart.iter().map(|(_, span)| span.clone()));
    let naive: Vec<_> =
        spans.iter().map(|span| span.start.naive_utc()..span.end.naive_utc()).collect();
    let mut counts = table::count_in_spans(conn, &naive)?.into_iter();
    let mut next = || counts.next().unwrap_or_default();
    let (now, before) = (next(), next());
    let day_count = |(day, _)| {
        let JobCounts { created, completed } = next();
        DayCount { day, created, completed }
    };
    Ok(Activity {
        created_today: Trend { value: now.created, before: before.created },
        completed_today: Trend { value: now.completed, before: before.completed },
        days: chart.into_iter().map(day_count).collect(),
    })
}

/// The days of the chart, each with its time, today last.
fn last_days(now: DateTime<Utc>, zone: Tz) -> Vec<(NaiveDate, Range<DateTime<Utc>>)> {
    let today = now.with_timezone(&zone).date_naive();
    (0..CHART_DAYS)
        .rev()
        .filter_map(|back| today.checked_sub_days(Days::new(back)))
        .map(|day| (day, span_of_day(day, zone)))
        .collect()
}

fn low_stock(conn: &mut Conn, actor: &Actor) -> Result<Vec<Item>> {
    if !actor.permissions.allows(Permission::InventoryRead) {
        return Ok(Vec::new());
    }
    let filter = ItemFilter { low: true, ..ItemFilter::default() };
    let rows = items::list(conn, &filter, ItemSort::Name, None, MAX_LOW_STOCK_ITEMS)?;
    Ok(rows.into_iter().map(Item::from).collect())
}

/// Overdue jobs first, then those due soon, then open ones by due time.
fn needs_attention(conn: &mut Conn, actor: &Actor, now: DateTime<Utc>) -> Result<Vec<Job>> {
    if !actor.permissions.allows(Permission::JobsRead) {
        return Ok(Vec::new());
    }
    let limit = MAX_ATTENTION_JOBS as i64;
    let soon =
        JobFilter { due_before: Some((now + DUE_SOON_WINDOW).naive_utc()), ..JobFilter::default() };
    let open = JobFilter { statuses: vec![JobStatus::Open], ..JobFilter::default() };
    let mut rows = table::list(conn, &soon, JobSort::DueFirst, None, limit)?;
    let more = table::list(conn, &open, JobSort::DueFirst, None, limit)?;
    let known: Vec<JobId> = rows.iter().map(|job| job.row.id).collect();
    rows.extend(more.into_iter().filter(|job| !known.contains(&job.row.id)));
    rows.truncate(MAX_ATTENTION_JOBS);
    let view = |job| LoadedJob::from(job).view_for(actor);
    Ok(rows.into_iter().map(view).collect())
}
