//! The reference on PostgreSQL: queries, and the conversion of rows to jobs.

use std::cell::RefCell;
use std::str::FromStr;

use chrono::NaiveDateTime;
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::result::Error;
use diesel::sql_types::{BigInt, Bool, Double, Nullable, Text, Timestamp};
use diesel::{PgConnection, QueryResult, Queryable, RunQueryDsl};
use shared::job::{Job, JobTechnician};
use shared::{CustomerId, JobId, Page, PlanId, TechnicianId, UserId};

use crate::data::connect;
use crate::reference::{page, sql};
use crate::requests::PAGE;

thread_local! {
    static CONNECTION: RefCell<Option<PgConnection>> = const { RefCell::new(None) };
}

/// Runs `work` with this thread's connection.
pub fn with_connection<T>(
    url: &str,
    work: impl FnOnce(&mut PgConnection) -> QueryResult<T>,
) -> QueryResult<T> {
    CONNECTION.with_borrow_mut(|slot| {
        if slot.is_none() {
            *slot = Some(connect(url).map_err(|error| Error::QueryBuilderError(error.into()))?);
        }
        slot.as_mut().map_or(Err(Error::NotFound), work)
    })
}

/// The first page.
pub fn list(conn: &mut PgConnection) -> QueryResult<Page<Job>> {
    Ok(page(jobs(List.load(conn)?)?, i64::from(PAGE)))
}

/// One job.
pub fn get(conn: &mut PgConnection, id: i64) -> QueryResult<Job> {
    jobs(Get(id).load(conn)?)?.into_iter().next().ok_or(Error::NotFound)
}

/// The first page and one more. The number stands in the text: with a parameter in its place PostgreSQL
/// plans for a tenth of all rows.
#[derive(QueryId)]
struct List;

impl QueryFragment<Pg> for List {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(&sql::LIST.replace("?1", &(PAGE + 1).to_string()));
        Ok(())
    }
}

#[derive(QueryId)]
struct Get(i64);

impl QueryFragment<Pg> for Get {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let (before, after) = sql::GET.split_once("?1").unwrap_or((sql::GET, ""));
        out.push_sql(before);
        out.push_bind_param::<BigInt, _>(&self.0)?;
        out.push_sql(after);
        Ok(())
    }
}

/// diesel keeps both prepared, because their text depends on their type alone.
impl Query for List {
    type SqlType = Columns;
}

impl Query for Get {
    type SqlType = Columns;
}

impl RunQueryDsl<PgConnection> for List {}
impl RunQueryDsl<PgConnection> for Get {}

type Columns = (
    BigInt,
    Text,
    Text,
    Text,
    Text,
    Text,
    Nullable<Text>,
    BigInt,
    Text,
    Text,
    Text,
    Nullable<BigInt>,
    Text,
    Nullable<Double>,
    Nullable<Double>,
    Nullable<Timestamp>,
    Nullable<Timestamp>,
    Timestamp,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<Double>,
    BigInt,
    Timestamp,
    Nullable<Timestamp>,
    BigInt,
    Nullable<BigInt>,
    Nullable<Text>,
    Nullable<Bool>,
);

/// A row of the statements, in the order of their columns.
#[derive(Queryable)]
struct Row {
    id: i64,
    number: String,
    job_type: String,
    priority: String,
    status: String,
    title: String,
    description: Option<String>,
    customer_id: i64,
    customer_name: String,
    customer_number: String,
    customer_phone: String,
    plan_id: Option<i64>,
    address: String,
    latitude: Option<f64>,
    longitude: Option<f64>,
    scheduled_start: Option<NaiveDateTime>,
    scheduled_end: Option<NaiveDateTime>,
    due_at: NaiveDateTime,
    on_hold_reason: Option<String>,
    report: Option<String>,
    ont_serial_number: Option<String>,
    attenuation_dbm: Option<f64>,
    created_by: i64,
    created_at: NaiveDateTime,
    completed_at: Option<NaiveDateTime>,
    version: i64,
    technician_id: Option<i64>,
    technician_name: Option<String>,
    lead: Option<bool>,
}

fn jobs(rows: Vec<Row>) -> QueryResult<Vec<Job>> {
    let mut jobs: Vec<Job> = Vec::with_capacity(rows.len());
    for mut row in rows {
        let technician = row.technician_id.zip(row.technician_name.take()).zip(row.lead);
        if jobs.last().is_none_or(|last| last.id.0 != row.id) {
            jobs.push(job(row)?);
        }
        if let (Some(((id, name), lead)), Some(job)) = (technician, jobs.last_mut()) {
            job.technicians.push(JobTechnician { technician_id: TechnicianId(id), name, lead });
        }
    }
    Ok(jobs)
}

fn job(row: Row) -> QueryResult<Job> {
    Ok(Job {
        id: JobId(row.id),
        number: row.number,
        job_type: parse(&row.job_type)?,
        priority: parse(&row.priority)?,
        status: parse(&row.status)?,
        title: row.title,
        description: row.description,
        customer_id: CustomerId(row.customer_id),
        customer_name: row.customer_name,
        customer_number: row.customer_number,
        customer_phone: Some(row.customer_phone),
        plan_id: row.plan_id.map(PlanId),
        address: row.address,
        latitude: row.latitude,
        longitude: row.longitude,
        scheduled_start: row.scheduled_start.map(|time| time.and_utc()),
        scheduled_end: row.scheduled_end.map(|time| time.and_utc()),
        due_at: row.due_at.and_utc(),
        on_hold_reason: row.on_hold_reason,
        technicians: Vec::new(),
        report: row.report,
        ont_serial_number: row.ont_serial_number,
        attenuation_dbm: row.attenuation_dbm,
        // No repair of the seed took a device back.
        returned_device: None,
        created_by: UserId(row.created_by),
        created_at: row.created_at.and_utc(),
        completed_at: row.completed_at.map(|time| time.and_utc()),
        version: row.version,
    })
}

fn parse<T: FromStr>(text: &str) -> QueryResult<T> {
    text.parse().map_err(|_| Error::DeserializationError(format!("no value: {text}").into()))
}
