//! Counts and times of jobs.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use shared::job_state_machine::JobStatus;

use crate::conn::Conn;
use crate::error::DbError;
use crate::schema::jobs as table;

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
