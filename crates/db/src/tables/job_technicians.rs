//! Assignments of technicians to jobs.

use chrono::NaiveDateTime;
use diesel::expression::ValidGrouping;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Bool, Text};
use diesel::sqlite::Sqlite;
use shared::job::JobTechnician;
use shared::job_state_machine::JobAction;
use shared::{JobId, TechnicianId};

use crate::conn::Conn;
use crate::error::DbError;
use crate::schema::{job_technicians as table, job_timeline, technicians};

/// The technicians of several jobs, the lead of each job first.
pub fn for_jobs(conn: &mut Conn, jobs: &[JobId]) -> Result<Vec<(JobId, JobTechnician)>, DbError> {
    if jobs.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<Row> = match conn {
        Conn::Sqlite(conn) => with_names().filter(JobIsOneOf::new(jobs)).load(conn)?,
        Conn::Postgres(conn) => with_names().filter(table::job_id.eq_any(jobs)).load(conn)?,
    };
    Ok(rows.into_iter().map(|row| (row.0, technician(row))).collect())
}

type Row = (JobId, TechnicianId, String, bool);

fn technician((_, technician_id, name, lead): Row) -> JobTechnician {
    JobTechnician { technician_id, name, lead }
}

#[diesel::dsl::auto_type]
fn with_names() -> _ {
    table::table
        .inner_join(technicians::table)
        .select((table::job_id, table::technician_id, technicians::name, table::lead))
        .order((table::job_id.asc(), table::lead.desc(), table::technician_id.asc()))
}

/// SQLite only: whether the job is one of some, whose ids are passed as one JSON array. The statement has the same text
/// for any number of jobs, so it stays prepared and is found by its type.
#[derive(Debug, QueryId, ValidGrouping)]
struct JobIsOneOf {
    ids: String,
}

impl JobIsOneOf {
    fn new(jobs: &[JobId]) -> Self {
        let ids: Vec<String> = jobs.iter().map(JobId::to_string).collect();
        Self { ids: format!("[{}]", ids.join(",")) }
    }
}

impl Expression for JobIsOneOf {
    type SqlType = Bool;
}

impl<QS> AppearsOnTable<QS> for JobIsOneOf {}

impl QueryFragment<Sqlite> for JobIsOneOf {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        pass.push_sql("job_technicians.job_id IN (SELECT value FROM json_each(");
        pass.push_bind_param::<Text, _>(&self.ids)?;
        pass.push_sql("))");
        Ok(())
    }
}

/// The technicians of one job, the lead first.
pub fn for_job(conn: &mut Conn, job: JobId) -> Result<Vec<JobTechnician>, DbError> {
    let rows: Vec<Row> = match conn {
        Conn::Sqlite(conn) => with_names().filter(table::job_id.eq(job)).load(conn)?,
        Conn::Postgres(conn) => with_names().filter(table::job_id.eq(job)).load(conn)?,
    };
    Ok(rows.into_iter().map(technician).collect())
}

/// Replaces the technicians of a job; the first one becomes the lead.
pub fn replace(conn: &mut Conn, job: JobId, technicians: &[TechnicianId]) -> Result<(), DbError> {
    diesel::delete(table::table.filter(table::job_id.eq(job))).execute(conn)?;
    for (index, technician) in technicians.iter().enumerate() {
        let row = (
            table::job_id.eq(job),
            table::technician_id.eq(*technician),
            table::lead.eq(index == 0),
        );
        diesel::insert_into(table::table).values(row).execute(conn)?;
    }
    Ok(())
}

/// Current assignments of jobs that were assigned or claimed since `since`.
pub fn assigned_since(
    conn: &mut Conn,
    since: NaiveDateTime,
) -> Result<Vec<(TechnicianId, JobId)>, DbError> {
    let given = job_timeline::table
        .filter(job_timeline::action.eq_any([JobAction::Assign, JobAction::Claim]))
        .filter(job_timeline::at.ge(since))
        .select(job_timeline::job_id);
    Ok(table::table
        .filter(table::job_id.eq_any(given))
        .select((table::technician_id, table::job_id))
        .load(conn)?)
}
