//! Assignments of technicians to jobs.

use chrono::NaiveDateTime;
use diesel::dsl::sql;
use diesel::expression::{AsExpression, SqlLiteral, UncheckedBind};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use shared::job::JobTechnician;
use shared::job_state_machine::JobAction;
use shared::{JobId, TechnicianId};

use crate::conn::Conn;
use crate::error::DbError;
use crate::prepared::Prepared;
use crate::schema::{job_technicians as table, job_timeline, technicians};

/// The technicians of several jobs, the lead of each job first.
pub fn for_jobs(conn: &mut Conn, jobs: &[JobId]) -> Result<Vec<(JobId, JobTechnician)>, DbError> {
    if jobs.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(JobId, TechnicianId, String, bool)> = match conn {
        Conn::Sqlite(conn) => Prepared(with_names().filter(job_is_one_of(jobs))).load(conn)?,
        Conn::Postgres(conn) => with_names().filter(table::job_id.eq_any(jobs)).load(conn)?,
    };
    let crew =
        |(job, technician_id, name, lead)| (job, JobTechnician { technician_id, name, lead });
    Ok(rows.into_iter().map(crew).collect())
}

#[diesel::dsl::auto_type]
fn with_names() -> _ {
    table::table
        .inner_join(technicians::table)
        .select((table::job_id, table::technician_id, technicians::name, table::lead))
        .order((table::job_id.asc(), table::lead.desc(), table::technician_id.asc()))
}

type JobIsOneOf =
    SqlLiteral<Bool, UncheckedBind<SqlLiteral<Bool>, <String as AsExpression<Text>>::Expression>>;

/// SQLite only: passes the ids as one JSON array, so that the statement has the same text for any number
/// of jobs and stays prepared.
fn job_is_one_of(jobs: &[JobId]) -> JobIsOneOf {
    let ids: Vec<String> = jobs.iter().map(JobId::to_string).collect();
    sql::<Bool>("job_technicians.job_id IN (SELECT value FROM json_each(")
        .bind::<Text, _>(format!("[{}]", ids.join(",")))
        .sql("))")
}

/// The technicians of one job, the lead first.
pub fn for_job(conn: &mut Conn, job: JobId) -> Result<Vec<JobTechnician>, DbError> {
    Ok(for_jobs(conn, &[job])?.into_iter().map(|(_, technician)| technician).collect())
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
