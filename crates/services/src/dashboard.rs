//! Dashboard: counters and items needing attention.

use chrono::{DateTime, Days, TimeDelta, Utc};
use chrono_tz::Tz;
use db::Conn;
use db::tables::items::{self, ItemFilter};
use db::tables::jobs::{self as table, JobFilter};
use db::tables::technicians;
use shared::dashboard::{Dashboard, DayCount, StatusCount, Trend};
use shared::inventory::{Item, ItemSort};
use shared::job::{Job, JobSort};
use shared::job_state_machine::JobStatus;
use shared::{JobId, Permission};

use crate::Actor;
use crate::calendar::start_of_day;
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
    let today = start_of_day(now, zone);
    let since = (today - TimeDelta::days(CHART_DAYS.cast_signed())).naive_utc();
    let created = times(table::created_since(conn, since)?);
    let completed = times(table::completed_since(conn, since)?);
    let (technicians_active, technicians_on_duty) = technicians::count_active(conn)?;
    Ok(Dashboard {
        overdue: count_due(conn, now)?,
        due_soon: count_due(conn, now + DUE_SOON_WINDOW)? - count_due(conn, now)?,
        unassigned: of(JobStatus::Open),
        created_today: trend(&created, today, now),
        completed_today: trend(&completed, today, now),
        days: days(&created, &completed, now, zone),
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

fn times(naive: Vec<chrono::NaiveDateTime>) -> Vec<DateTime<Utc>> {
    naive.into_iter().map(|time| time.and_utc()).collect()
}

fn count_due(conn: &mut Conn, before: DateTime<Utc>) -> Result<i64> {
    let filter = JobFilter { due_before: Some(before.naive_utc()), ..JobFilter::default() };
    Ok(table::count(conn, &filter)?)
}

fn trend(times: &[DateTime<Utc>], today: DateTime<Utc>, now: DateTime<Utc>) -> Trend {
    let day = TimeDelta::days(1);
    let within = |from, to| times.iter().filter(|time| (from..to).contains(*time)).count() as i64;
    let end = now + TimeDelta::microseconds(1);
    Trend { value: within(today, end), before: within(today - day, end - day) }
}

fn days(
    created: &[DateTime<Utc>],
    completed: &[DateTime<Utc>],
    now: DateTime<Utc>,
    zone: Tz,
) -> Vec<DayCount> {
    let local_day = |time: &DateTime<Utc>| time.with_timezone(&zone).date_naive();
    let today = local_day(&now);
    let on = |times: &[DateTime<Utc>], day| times.iter().filter(|t| local_day(t) == day).count();
    (0..CHART_DAYS)
        .rev()
        .filter_map(|back| today.checked_sub_days(Days::new(back)))
        .map(|day| DayCount {
            day,
            created: on(created, day) as i64,
            completed: on(completed, day) as i64,
        })
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
