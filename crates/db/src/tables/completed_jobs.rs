//! Completed jobs, for reports and technician statistics.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Timestamp};
use shared::job::JobType;
use shared::job_state_machine::{JobAction, JobStatus};
use shared::{JobId, TechnicianId};

use crate::conn::Conn;
use crate::error::DbError;
use crate::schema::{job_technicians, job_timeline, jobs};

/// Completed and not reopened.
const COMPLETED: [JobStatus; 2] = [JobStatus::Completed, JobStatus::Closed];

/// A job that was completed and not reopened.
#[derive(Debug, Clone, Queryable)]
pub struct CompletedJob {
    pub id: JobId,
    pub due_at: NaiveDateTime,
    pub completed_at: Option<NaiveDateTime>,
}

/// The technician's jobs completed since `since`.
pub fn for_technician(
    conn: &mut Conn,
    technician: TechnicianId,
    since: NaiveDateTime,
) -> Result<Vec<CompletedJob>, DbError> {
    Ok(jobs::table
        .inner_join(job_technicians::table)
        .filter(job_technicians::technician_id.eq(technician))
        .filter(jobs::completed_at.ge(since))
        .filter(jobs::status.eq_any(COMPLETED))
        .order(jobs::id)
        .select((jobs::id, jobs::due_at, jobs::completed_at))
        .load(conn)?)
}

/// When work on each of these jobs was first started.
pub fn started_at(
    conn: &mut Conn,
    ids: &[JobId],
) -> Result<Vec<(JobId, Option<NaiveDateTime>)>, DbError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(job_timeline::table
        .filter(job_timeline::job_id.eq_any(ids.to_vec()))
        .filter(job_timeline::action.eq(JobAction::Start))
        .group_by(job_timeline::job_id)
        .select((job_timeline::job_id, diesel::dsl::min(job_timeline::at)))
        .load(conn)?)
}

/// A completed job in a report.
#[derive(Debug, Clone, Queryable)]
pub struct ReportedJob {
    pub id: JobId,
    pub job_type: JobType,
    pub due_at: NaiveDateTime,
    pub completed_at: Option<NaiveDateTime>,
}

/// Jobs completed since `since`.
pub fn since(conn: &mut Conn, since: NaiveDateTime) -> Result<Vec<ReportedJob>, DbError> {
    Ok(jobs::table
        .filter(jobs::completed_at.ge(since))
        .filter(jobs::status.eq_any(COMPLETED))
        .select((jobs::id, jobs::job_type, jobs::due_at, jobs::completed_at))
        .load(conn)?)
}

/// When work was first started on the jobs completed since `since`.
pub fn started_since(
    conn: &mut Conn,
    since: NaiveDateTime,
) -> Result<Vec<(JobId, Option<NaiveDateTime>)>, DbError> {
    Ok(jobs::table
        .inner_join(job_timeline::table)
        .filter(jobs::completed_at.ge(since))
        .filter(jobs::status.eq_any(COMPLETED))
        .filter(job_timeline::action.eq(JobAction::Start))
        .group_by(jobs::id)
        .select((jobs::id, diesel::dsl::min(job_timeline::at)))
        .load(conn)?)
}

/// The assignment of one technician to a completed job.
#[derive(Debug, Clone, Queryable)]
pub struct CompletedAssignment {
    pub technician_id: TechnicianId,
    pub due_at: NaiveDateTime,
    pub completed_at: Option<NaiveDateTime>,
}

/// How a technician's completed jobs ended.
#[derive(Debug, Clone, QueryableByName)]
pub struct Punctuality {
    #[diesel(sql_type = BigInt)]
    pub technician_id: TechnicianId,
    #[diesel(sql_type = BigInt)]
    pub completed: i64,
    #[diesel(sql_type = BigInt)]
    pub on_time: i64,
}

/// Counts the jobs that each technician has completed since `since`, and those that were on time.
pub fn punctuality_since(
    conn: &mut Conn,
    since: NaiveDateTime,
) -> Result<Vec<Punctuality>, DbError> {
    // SQLite would go through the index of the statuses, and so through all jobs that were ever completed, or through all
    // assignments: the limit, which is never reached, keeps it from that.
    let statement = diesel::sql_query(
        "SELECT t.technician_id, count(*) AS completed,
                count(CASE WHEN j.completed_at <= j.due_at THEN 1 END) AS on_time
           FROM (SELECT id, completed_at, due_at FROM jobs
                  WHERE completed_at >= $1 AND (status || '') IN ('completed', 'closed')
                  LIMIT 1000000000) j
           JOIN job_technicians t ON t.job_id = j.id
          GROUP BY t.technician_id",
    );
    Ok(statement.bind::<Timestamp, _>(since).load(conn)?)
}

/// The assignments of all jobs completed since `since`: one row per technician and job.
pub fn assignments_since(
    conn: &mut Conn,
    since: NaiveDateTime,
) -> Result<Vec<CompletedAssignment>, DbError> {
    Ok(jobs::table
        .inner_join(job_technicians::table)
        .filter(jobs::completed_at.ge(since))
        .filter(jobs::status.eq_any(COMPLETED))
        .select((job_technicians::technician_id, jobs::due_at, jobs::completed_at))
        .load(conn)?)
}
