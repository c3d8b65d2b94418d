//! Jobs.

mod crew;
mod filter;
mod list;
mod of_technician;
mod searched_texts;
mod statistics;

pub use crew::Crew;
use crew::CrewColumn;
pub use filter::{JobFilter, SLA_RUNNING};
pub use list::{count, list, search};
pub(crate) use searched_texts::rewrite_search_text;
pub use searched_texts::{SearchedTexts, refresh_search_text};
pub use statistics::{JobCounts, count_by_status, count_in_spans, created_since};

use chrono::NaiveDateTime;
use diesel::prelude::*;
use shared::job::{DeviceCondition, JobPriority, JobTechnician, JobType};
use shared::job_state_machine::JobStatus;
use shared::{CustomerId, JobId, PhoneNumber, PlanId, UserId};

use crate::conn::Conn;
use crate::error::DbError;
use crate::prepared::Prepared;
use crate::schema::{customers, jobs as table};
use crate::stored_time::{OptionalStoredTime, StoredTime};

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
    #[diesel(deserialize_as = OptionalStoredTime)]
    pub scheduled_start: Option<NaiveDateTime>,
    #[diesel(deserialize_as = OptionalStoredTime)]
    pub scheduled_end: Option<NaiveDateTime>,
    #[diesel(deserialize_as = StoredTime)]
    pub due_at: NaiveDateTime,
    /// Working time used before the SLA clock last started.
    pub sla_used_seconds: i64,
    /// `None` while the SLA clock is stopped.
    #[diesel(deserialize_as = OptionalStoredTime)]
    pub sla_running_since: Option<NaiveDateTime>,
    pub on_hold_reason: Option<String>,
    pub report: Option<String>,
    pub ont_serial_number: Option<String>,
    pub attenuation_dbm: Option<f64>,
    pub returned_serial_number: Option<String>,
    pub returned_condition: Option<DeviceCondition>,
    pub created_by: UserId,
    #[diesel(deserialize_as = OptionalStoredTime)]
    pub completed_at: Option<NaiveDateTime>,
    pub version: i64,
    #[diesel(deserialize_as = StoredTime)]
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

/// A job with its customer and its technicians, the lead first.
#[derive(Debug, Clone, Queryable)]
pub struct StoredJob {
    pub row: JobRow,
    pub customer: JobCustomer,
    #[diesel(deserialize_as = Crew)]
    pub technicians: Vec<JobTechnician>,
}

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

/// Selects jobs with their customers and technicians.
macro_rules! stored_jobs {
    () => {
        table::table.inner_join(customers::table).select((
            JobRow::as_select(),
            JobCustomer::as_select(),
            $crate::tables::jobs::CrewColumn,
        ))
    };
}

use stored_jobs;

/// Finds a job.
pub fn find(conn: &mut Conn, id: JobId) -> Result<Option<StoredJob>, DbError> {
    let job = match conn {
        Conn::Sqlite(conn) => stored_jobs!().filter(table::id.eq(id)).first(conn),
        Conn::Postgres(conn) => stored_jobs!().filter(table::id.eq(id)).first(conn),
    };
    Ok(job.optional()?)
}

/// Adds a job; returns it as it is stored.
pub fn insert(conn: &mut Conn, job: &NewJobRow<'_>) -> Result<JobRow, DbError> {
    let insert = diesel::insert_into(table::table).values(job);
    Ok(match conn {
        Conn::Sqlite(conn) => {
            Prepared(insert.returning(JobRow::as_returning())).get_result(conn)?
        }
        Conn::Postgres(conn) => {
            Prepared(insert.returning(JobRow::as_returning())).get_result(conn)?
        }
    })
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
    let statement = Prepared(statement.returning(table::version));
    let version: Option<i64> = match conn {
        Conn::Sqlite(conn) => statement.get_result(conn).optional()?,
        Conn::Postgres(conn) => statement.get_result(conn).optional()?,
    };
    job.version = version.unwrap_or(job.version);
    Ok(version.is_some())
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

/// The statuses of unfinished jobs.
fn unfinished() -> Vec<JobStatus> {
    JobStatus::ALL.iter().copied().filter(|status| status.is_unfinished()).collect()
}
