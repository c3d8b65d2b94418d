//! What technicians have finished.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use shared::job::JobType;
use shared::job_state_machine::{JobAction, JobStatus};
use shared::{JobId, TechnicianId};

use crate::conn::Conn;
use crate::error::DbError;
use crate::schema::{job_technicians, job_timeline, jobs};

/// Completed and not taken up again.
const COMPLETED: [JobStatus; 2] = [JobStatus::Completed, JobStatus::Closed];

/// A job that was completed and not taken up again.
#[derive(Debug, Clone, Queryable)]
pub struct CompletedJob {
    pub id: JobId,
    pub due_at: NaiveDateTime,
    pub completed_at: Option<NaiveDateTime>,
}

/// What a technician was on and was completed from `since` on.
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

/// When work on each of these jobs began for the first time.
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

/// What was completed from `since` on.
pub fn since(conn: &mut Conn, since: NaiveDateTime) -> Result<Vec<ReportedJob>, DbError> {
    Ok(jobs::table
        .filter(jobs::completed_at.ge(since))
        .filter(jobs::status.eq_any(COMPLETED))
        .select((jobs::id, jobs::job_type, jobs::due_at, jobs::completed_at))
        .load(conn)?)
}

/// When work on the jobs that were completed from `since` on began for the first time.
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

/// One technician's part in a job that was completed.
#[derive(Debug, Clone, Queryable)]
pub struct CompletedAssignment {
    pub technician_id: TechnicianId,
    pub due_at: NaiveDateTime,
    pub completed_at: Option<NaiveDateTime>,
}

/// Who was on what was completed from `since` on: one row for each technician of each job.
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
