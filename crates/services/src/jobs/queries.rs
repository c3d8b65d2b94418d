//! Job queries.

use std::ops::Range;

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use db::Conn;
use db::tables::jobs::{self as table, JobFilter};
use db::tables::{installed_devices, job_timeline};
use shared::job::{AppointmentDay, Job, JobMaterial, JobQuery, JobSort, TimelineEntry};
use shared::{CustomerId, ErrorCode, JobId, Page, Permission};

use crate::calendar::{start_of_day, start_of_next_day};
use crate::error::{Error, Result};
use crate::inventory::job_materials;
use crate::jobs::loading::{LoadedJob, load_permitted};
use crate::pagination::{PageRequest, single_page};
use crate::personal_data::search_query;
use crate::{Actor, customers};

/// Jobs due within this time need attention.
pub(crate) const DUE_SOON_WINDOW: TimeDelta = TimeDelta::hours(4);

/// Lists the jobs that the actor may see. `now` is in the organisation's time zone, which decides what is today.
///
/// # Errors
/// `Forbidden`, `NotFound` (another technician's jobs), `OutOfRange` (limit), `InvalidCursor`,
/// `InvalidText` (search).
pub fn list(
    conn: &mut Conn,
    actor: &Actor,
    now: DateTime<Tz>,
    query: &JobQuery,
) -> Result<Page<Job>> {
    let (zone, now) = (now.timezone(), now.to_utc());
    let own = actor.technician_limit(Permission::JobsRead)?;
    let page = PageRequest::parse(query.limit, query.cursor.as_deref(), query.with_total)?;
    let by_default = match query.appointment {
        Some(_) => JobSort::AppointmentFirst,
        None => JobSort::NewestFirst,
    };
    // A technician sees own jobs only, whatever the filter says.
    if let (Some(own), Some(asked)) = (own, query.technician_id)
        && own != asked
    {
        return Err(Error::refuse(ErrorCode::NotFound));
    }
    let (due_from, due_before) = match (query.overdue, query.due_soon) {
        (Some(true), Some(true)) => (None, Some(now + DUE_SOON_WINDOW)),
        (Some(true), _) => (None, Some(now)),
        (_, Some(true)) => (Some(now), Some(now + DUE_SOON_WINDOW)),
        _ => (None, None),
    };
    let filter = JobFilter {
        search: search_query(actor, query.q.as_deref())?,
        statuses: query.status.clone().map(|list| list.0).unwrap_or_default(),
        job_type: query.job_type,
        priorities: query.priority.clone().map(|list| list.0).unwrap_or_default(),
        technician: own.or(query.technician_id),
        customer: query.customer_id,
        due_before: due_before.map(|time| time.naive_utc()),
        due_from: due_from.map(|time| time.naive_utc()),
        appointment: query.appointment.map(|day| span_of(day, now, zone)),
    };
    if filter.is_ranked(query.sort) {
        page.check_ranked_cursor()?;
    } else if !matches!(query.sort, Some(JobSort::Number | JobSort::NumberDescending)) {
        page.check_time_cursor()?;
    }
    let (cursor, limit) = (page.cursor.as_ref(), page.fetch_limit());
    let found = table::search(conn, &filter, query.sort, by_default, cursor, limit)?;
    let total = page.with_total.then(|| table::count(conn, &filter)).transpose()?;
    Ok(page.page_of(found, total, |job| LoadedJob::from(job).view_for(actor)))
}

/// The span of a day in the organisation's time zone.
fn span_of(day: AppointmentDay, now: DateTime<Utc>, zone: Tz) -> Range<NaiveDateTime> {
    let tomorrow = start_of_next_day(now, zone);
    let (start, end) = match day {
        AppointmentDay::Today => (start_of_day(now, zone), tomorrow),
        AppointmentDay::Tomorrow => (tomorrow, start_of_next_day(tomorrow, zone)),
    };
    start.naive_utc()..end.naive_utc()
}

/// Lists the jobs of a customer that the actor may see.
///
/// # Errors
/// `Forbidden`, `NotFound` (customer), and those of [`list`].
pub fn list_of_customer(
    conn: &mut Conn,
    actor: &Actor,
    now: DateTime<Tz>,
    customer: CustomerId,
    query: &JobQuery,
) -> Result<Page<Job>> {
    customers::check_visible(conn, actor, customer)?;
    let query = JobQuery { customer_id: Some(customer), ..query.clone() };
    list(conn, actor, now, &query)
}

/// A job that the actor may see.
///
/// # Errors
/// There is none for this actor.
pub fn load_visible(conn: &mut Conn, actor: &Actor, id: JobId) -> Result<LoadedJob> {
    load_permitted(conn, actor, Permission::JobsRead, id)
}

/// Loads a job that the actor may see.
///
/// # Errors
/// `Forbidden`, `NotFound`.
pub fn get(conn: &mut Conn, actor: &Actor, id: JobId) -> Result<Job> {
    Ok(load_visible(conn, actor, id)?.view_for(actor))
}

/// Lists the timeline of a job, oldest first.
///
/// # Errors
/// `Forbidden`, `NotFound`.
pub fn timeline(conn: &mut Conn, actor: &Actor, id: JobId) -> Result<Page<TimelineEntry>> {
    load_visible(conn, actor, id)?;
    Ok(single_page(job_timeline::for_job(conn, id)?))
}

/// Lists planned, issued and used materials of a job.
///
/// # Errors
/// `Forbidden`, `NotFound`.
pub fn materials(conn: &mut Conn, actor: &Actor, id: JobId) -> Result<Page<JobMaterial>> {
    load_visible(conn, actor, id)?;
    Ok(single_page(job_materials::list(conn, id)?))
}

/// The serial numbers of the devices at the customer of a job, the oldest first.
///
/// # Errors
/// `Forbidden`, `NotFound`.
pub fn installed_devices(conn: &mut Conn, actor: &Actor, id: JobId) -> Result<Vec<String>> {
    let job = load_visible(conn, actor, id)?;
    Ok(installed_devices::serials_of(conn, job.row.customer_id)?)
}

/// The material of a job that the caller has read already.
pub fn materials_of(conn: &mut Conn, job: &Job) -> Result<Vec<JobMaterial>> {
    job_materials::list(conn, job.id)
}
