//! Jobs.

use std::ops::Range;

use chrono::NaiveDateTime;
use diesel::dsl::InnerJoinQuerySource;
use diesel::prelude::*;
use shared::job::{DeviceCondition, JobPriority, JobSort, JobType};
use shared::job_state_machine::JobStatus;
use shared::{CustomerId, JobId, PhoneNumber, PlanId, TechnicianId, UserId};

use crate::conn::Conn;
use crate::cursor::Cursor;
use crate::error::DbError;
use crate::prepared::Prepared;
use crate::schema::{customers, job_technicians, jobs as table};
use crate::search::{self, Condition, HiddenParts, Searchable};
use crate::tables::installed_devices;

/// A row of the table.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = table)]
pub struct JobRow {
    pub id: JobId,
    pub number: String,
    pub job_type: JobType,
    pub priority: JobPriority,
    pub status: JobStatus,
    /// The status that `resume` goes back to.
    pub held_status: Option<JobStatus>,
    pub title: String,
    pub description: Option<String>,
    pub customer_id: CustomerId,
    pub address: String,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    pub scheduled_start: Option<NaiveDateTime>,
    pub scheduled_end: Option<NaiveDateTime>,
    pub due_at: NaiveDateTime,
    /// Working time used before the SLA clock last started.
    pub sla_used_seconds: i64,
    /// `None` while the SLA clock is stopped.
    pub sla_running_since: Option<NaiveDateTime>,
    pub on_hold_reason: Option<String>,
    pub report: Option<String>,
    pub ont_serial_number: Option<String>,
    pub attenuation_dbm: Option<f64>,
    pub returned_serial_number: Option<String>,
    pub returned_condition: Option<DeviceCondition>,
    pub created_by: UserId,
    pub completed_at: Option<NaiveDateTime>,
    pub version: i64,
    pub created_at: NaiveDateTime,
}

/// What a job shows of its customer.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = customers)]
pub struct JobCustomer {
    pub name: String,
    pub number: String,
    pub phone: PhoneNumber,
    pub plan_id: Option<PlanId>,
    /// For the search.
    pub odp: Option<String>,
}

/// A job with its customer.
pub type JobWithCustomer = (JobRow, JobCustomer);

type Joined = InnerJoinQuerySource<table::table, customers::table>;

/// A new row.
#[derive(Insertable)]
#[diesel(table_name = table)]
pub struct NewJobRow<'a> {
    pub number: &'a str,
    pub job_type: JobType,
    pub priority: JobPriority,
    pub status: JobStatus,
    pub title: &'a str,
    pub description: Option<&'a str>,
    pub customer_id: CustomerId,
    pub address: &'a str,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    pub scheduled_start: Option<NaiveDateTime>,
    pub scheduled_end: Option<NaiveDateTime>,
    pub due_at: NaiveDateTime,
    pub sla_used_seconds: i64,
    pub sla_running_since: Option<NaiveDateTime>,
    pub created_by: UserId,
    pub search_text: &'a str,
    pub created_at: NaiveDateTime,
    pub updated_at: NaiveDateTime,
}

/// Filter of the job list.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct JobFilter {
    /// Words that all have to occur.
    pub words: Vec<String>,
    /// Not searched.
    pub hidden: HiddenParts,
    pub statuses: Vec<JobStatus>,
    pub job_type: Option<JobType>,
    pub priorities: Vec<JobPriority>,
    pub technician: Option<TechnicianId>,
    pub customer: Option<CustomerId>,
    /// Unfinished, not on hold, and due before this time.
    pub due_before: Option<NaiveDateTime>,
    /// Due at or after this time.
    pub due_from: Option<NaiveDateTime>,
    /// With an appointment in this span.
    pub appointment: Option<Range<NaiveDateTime>>,
}

impl JobFilter {
    /// Whether all jobs match.
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Statuses whose SLA clock runs.
pub const SLA_RUNNING: [JobStatus; 5] = [
    JobStatus::Open,
    JobStatus::Assigned,
    JobStatus::Accepted,
    JobStatus::EnRoute,
    JobStatus::InProgress,
];

fn conditions(conn: &Conn, filter: &JobFilter) -> Vec<Condition<Joined>> {
    let mut all: Vec<Condition<Joined>> =
        search::contains_all(conn.backend(), Searchable::Jobs, &filter.words);
    all.extend(search::contains_all_but(Searchable::Jobs, filter.hidden, &filter.words));
    if !filter.statuses.is_empty() {
        all.push(Box::new(table::status.eq_any(filter.statuses.clone())));
    }
    if let Some(job_type) = filter.job_type {
        all.push(Box::new(table::job_type.eq(job_type)));
    }
    if !filter.priorities.is_empty() {
        all.push(Box::new(table::priority.eq_any(filter.priorities.clone())));
    }
    if let Some(customer) = filter.customer {
        all.push(Box::new(table::customer_id.eq(customer)));
    }
    if let Some(time) = filter.due_before {
        all.push(Box::new(table::due_at.lt(time)));
        all.push(Box::new(table::status.eq_any(SLA_RUNNING)));
    }
    if let Some(time) = filter.due_from {
        all.push(Box::new(table::due_at.ge(time)));
    }
    if let Some(span) = &filter.appointment {
        let start = table::scheduled_start.assume_not_null();
        all.push(Box::new(start.ge(span.start).and(start.lt(span.end))));
    }
    if let Some(technician) = filter.technician {
        let own = job_technicians::table
            .filter(job_technicians::technician_id.eq(technician))
            .select(job_technicians::job_id);
        all.push(Box::new(table::id.eq_any(own)));
    }
    all
}

macro_rules! with_customer {
    () => {
        table::table
            .inner_join(customers::table)
            .select((JobRow::as_select(), JobCustomer::as_select()))
    };
}

/// The first page of the unfiltered list in its default order, which the office loads most often.
/// Unlike the boxed query of [`list`], diesel caches this one by its type.
fn newest(conn: &mut Conn, limit: i64) -> Result<Vec<JobWithCustomer>, DbError> {
    let order = (table::created_at.desc(), table::id.desc());
    Ok(match conn {
        Conn::Sqlite(conn) => with_customer!().order(order).limit(limit).load(conn)?,
        Conn::Postgres(conn) => with_customer!().order(order).limit(limit).load(conn)?,
    })
}

/// Jobs in the given order, after `cursor`.
pub fn list(
    conn: &mut Conn,
    filter: &JobFilter,
    sort: JobSort,
    cursor: Option<&Cursor>,
    limit: i64,
) -> Result<Vec<JobWithCustomer>, DbError> {
    if cursor.is_none() && sort == JobSort::NewestFirst && filter.is_empty() {
        return newest(conn, limit);
    }
    let mut query = with_customer!().into_boxed();
    for condition in conditions(conn, filter) {
        query = query.filter(condition);
    }
    if let Some(cursor) = cursor {
        query = query.filter(after(sort, cursor));
    }
    query = match sort {
        JobSort::NewestFirst => query.order((table::created_at.desc(), table::id.desc())),
        JobSort::OldestFirst => query.order((table::created_at.asc(), table::id.asc())),
        JobSort::DueFirst => query.order((table::due_at.asc(), table::id.asc())),
        JobSort::DueLast => query.order((table::due_at.desc(), table::id.desc())),
        JobSort::Number => query.order(table::number.asc()),
        JobSort::NumberDescending => query.order(table::number.desc()),
        JobSort::AppointmentFirst => query
            .filter(table::scheduled_start.is_not_null())
            .order((table::scheduled_start.asc(), table::id.asc())),
    };
    let statement = query.limit(limit);
    // Lists of values and searches have too many different texts to cache them all.
    let few_texts =
        filter.words.is_empty() && filter.statuses.is_empty() && filter.priorities.is_empty();
    Ok(if few_texts { Prepared(statement).load(conn)? } else { statement.load(conn)? })
}

/// Rows after the cursor. The redundant comparison of the sort key comes first because an index can use
/// it.
fn after(sort: JobSort, cursor: &Cursor) -> Condition<Joined> {
    let id = JobId(cursor.id);
    let time = cursor.as_time().unwrap_or_default();
    let text = cursor.as_text().to_owned();
    match sort {
        JobSort::NewestFirst => Box::new(
            table::created_at.le(time).and(table::created_at.lt(time).or(table::id.lt(id))),
        ),
        JobSort::OldestFirst => Box::new(
            table::created_at.ge(time).and(table::created_at.gt(time).or(table::id.gt(id))),
        ),
        JobSort::DueFirst => {
            Box::new(table::due_at.ge(time).and(table::due_at.gt(time).or(table::id.gt(id))))
        }
        JobSort::DueLast => {
            Box::new(table::due_at.le(time).and(table::due_at.lt(time).or(table::id.lt(id))))
        }
        JobSort::Number => Box::new(table::number.gt(text)),
        JobSort::NumberDescending => Box::new(table::number.lt(text)),
        JobSort::AppointmentFirst => {
            let start = table::scheduled_start.assume_not_null();
            Box::new(start.ge(time).and(start.gt(time).or(table::id.gt(id))))
        }
    }
}

/// The cursor of a row in a list with this sort order.
pub fn cursor_of(sort: JobSort, row: &JobRow) -> Cursor {
    match sort {
        JobSort::NewestFirst | JobSort::OldestFirst => Cursor::time(row.created_at, row.id.0),
        JobSort::DueFirst | JobSort::DueLast => Cursor::time(row.due_at, row.id.0),
        JobSort::Number | JobSort::NumberDescending => Cursor::text(&row.number, row.id.0),
        JobSort::AppointmentFirst => {
            Cursor::time(row.scheduled_start.unwrap_or(row.created_at), row.id.0)
        }
    }
}

/// Counts the matching jobs.
pub fn count(conn: &mut Conn, filter: &JobFilter) -> Result<i64, DbError> {
    let mut query = table::table.inner_join(customers::table).into_boxed();
    for condition in conditions(conn, filter) {
        query = query.filter(condition);
    }
    Ok(query.count().get_result(conn)?)
}

/// Finds a job.
pub fn find(conn: &mut Conn, id: JobId) -> Result<Option<JobWithCustomer>, DbError> {
    let job = match conn {
        Conn::Sqlite(conn) => with_customer!().filter(table::id.eq(id)).first(conn),
        Conn::Postgres(conn) => with_customer!().filter(table::id.eq(id)).first(conn),
    };
    Ok(job.optional()?)
}

/// Adds a job.
pub fn insert(conn: &mut Conn, job: &NewJobRow<'_>) -> Result<JobId, DbError> {
    let statement = diesel::insert_into(table::table).values(job).returning(table::id);
    Ok(Prepared(statement).get_result(conn)?)
}

/// Updates all mutable columns of a job that still has the version it was read with, and increments the
/// version; false if it was changed meanwhile.
pub fn update(
    conn: &mut Conn,
    job: &mut JobRow,
    search_text: Option<&str>,
    now: NaiveDateTime,
) -> Result<bool, DbError> {
    let row = table::table.filter(table::id.eq(job.id).and(table::version.eq(job.version)));
    let state = (
        table::priority.eq(job.priority),
        table::status.eq(job.status),
        table::held_status.eq(job.held_status),
        table::due_at.eq(job.due_at),
        table::sla_used_seconds.eq(job.sla_used_seconds),
        table::sla_running_since.eq(job.sla_running_since),
        table::on_hold_reason.eq(&job.on_hold_reason),
        table::completed_at.eq(job.completed_at),
    );
    let facts = (
        table::title.eq(&job.title),
        table::description.eq(&job.description),
        table::address.eq(&job.address),
        table::latitude.eq(job.latitude),
        table::longitude.eq(job.longitude),
        table::scheduled_start.eq(job.scheduled_start),
        table::scheduled_end.eq(job.scheduled_end),
        search_text.map(|text| table::search_text.eq(text)),
    );
    let evidence = (
        table::report.eq(&job.report),
        table::ont_serial_number.eq(&job.ont_serial_number),
        table::attenuation_dbm.eq(job.attenuation_dbm),
        table::returned_serial_number.eq(&job.returned_serial_number),
        table::returned_condition.eq(job.returned_condition),
    );
    let stamp = (table::version.eq(job.version + 1), table::updated_at.eq(now));
    let statement = diesel::update(row).set((state, facts, evidence, stamp));
    let changed = Prepared(statement).execute(conn)? == 1;
    if changed {
        job.version += 1;
    }
    Ok(changed)
}

/// What of a job itself is searched.
#[derive(Debug, Clone, Copy)]
pub struct SearchedTexts<'a> {
    pub number: &'a str,
    pub title: &'a str,
    pub address: &'a str,
    pub ont_serial_number: Option<&'a str>,
}

impl<'a> SearchedTexts<'a> {
    /// The texts of a row.
    pub fn of(row: &'a JobRow) -> Self {
        Self {
            number: &row.number,
            title: &row.title,
            address: &row.address,
            ont_serial_number: row.ont_serial_number.as_deref(),
        }
    }

    /// The value of a job's `search_text`, with the serial numbers of the devices at the customer.
    pub fn search_text(self, customer: &JobCustomer, devices: &[String]) -> String {
        let own = [self.number, self.title, &customer.number, &customer.name];
        let place = [customer.phone.as_str(), self.address];
        let optional = [customer.odp.as_deref(), self.ont_serial_number];
        let other_devices = devices
            .iter()
            .map(String::as_str)
            .filter(|serial| Some(*serial) != self.ont_serial_number);
        let parts: Vec<&str> = own
            .into_iter()
            .chain(place)
            .chain(optional.into_iter().flatten())
            .chain(other_devices)
            .collect();
        search::search_text(&parts)
    }
}

/// Updates `search_text` of a customer's jobs after something that is searched changed at the customer.
pub fn refresh_search_text(conn: &mut Conn, customer: CustomerId) -> Result<(), DbError> {
    let devices = installed_devices::serials_of(conn, customer)?;
    let rows: Vec<(JobRow, JobCustomer, String)> = table::table
        .inner_join(customers::table)
        .filter(table::customer_id.eq(customer))
        .select((JobRow::as_select(), JobCustomer::as_select(), table::search_text))
        .load(conn)?;
    for (row, customer, before) in rows {
        let text = SearchedTexts::of(&row).search_text(&customer, &devices);
        if text != before {
            let job = table::table.find(row.id);
            diesel::update(job).set(table::search_text.eq(text)).execute(conn)?;
        }
    }
    Ok(())
}

/// The number of an unfinished job of this type for the customer, the oldest one.
pub fn open_number(
    conn: &mut Conn,
    customer: CustomerId,
    job_type: JobType,
) -> Result<Option<String>, DbError> {
    let rows = table::table
        .filter(table::customer_id.eq(customer))
        .filter(table::job_type.eq(job_type))
        .filter(table::status.eq_any(unfinished()))
        .order(table::id);
    Ok(rows.select(table::number).first(conn).optional()?)
}

/// Every unfinished job whose SLA clock runs.
pub fn with_running_clock(conn: &mut Conn) -> Result<Vec<JobRow>, DbError> {
    let rows = table::table
        .filter(table::status.eq_any(unfinished()))
        .filter(table::sla_running_since.is_not_null())
        .order(table::id);
    Ok(rows.select(JobRow::as_select()).load(conn)?)
}

fn unfinished() -> Vec<JobStatus> {
    JobStatus::ALL.iter().copied().filter(|status| status.is_unfinished()).collect()
}

/// Counts the jobs of each of these statuses; statuses without jobs are left out.
pub fn count_by_status(
    conn: &mut Conn,
    statuses: &[JobStatus],
) -> Result<Vec<(JobStatus, i64)>, DbError> {
    Ok(table::table
        .filter(table::status.eq_any(statuses.to_vec()))
        .group_by(table::status)
        .select((table::status, diesel::dsl::count_star()))
        .load(conn)?)
}

/// When jobs were created, from `since` on.
pub fn created_since(conn: &mut Conn, since: NaiveDateTime) -> Result<Vec<NaiveDateTime>, DbError> {
    Ok(table::table.filter(table::created_at.ge(since)).select(table::created_at).load(conn)?)
}

/// When jobs were completed, from `since` on.
pub fn completed_since(
    conn: &mut Conn,
    since: NaiveDateTime,
) -> Result<Vec<NaiveDateTime>, DbError> {
    let times: Vec<Option<NaiveDateTime>> = table::table
        .filter(table::completed_at.ge(since))
        .select(table::completed_at)
        .load(conn)?;
    Ok(times.into_iter().flatten().collect())
}
