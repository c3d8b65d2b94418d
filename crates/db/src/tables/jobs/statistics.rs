//! Counts and times of jobs.

use std::ops::Range;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use serde::Serialize;
use shared::job_state_machine::JobStatus;

use crate::conn::{Backend, Conn};
use crate::error::DbError;
use crate::json_rows::rows_as_json;
use crate::prepared::Prepared;
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

/// How many jobs were created and completed in a span of time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, QueryableByName)]
pub struct JobCounts {
    #[diesel(sql_type = BigInt)]
    pub created: i64,
    #[diesel(sql_type = BigInt)]
    pub completed: i64,
}

#[derive(Serialize)]
struct Span {
    position: usize,
    /// Inclusive.
    start: String,
    /// Exclusive.
    until: String,
}

/// Counts the jobs that were created and completed in each of these spans, in their order.
pub fn count_in_spans(
    conn: &mut Conn,
    spans: &[Range<NaiveDateTime>],
) -> Result<Vec<JobCounts>, DbError> {
    // As SQLite stores times, which PostgreSQL reads too.
    let text = |time: NaiveDateTime| time.format("%F %T%.f").to_string();
    let span = |(position, span): (usize, &Range<NaiveDateTime>)| Span {
        position,
        start: text(span.start),
        until: text(span.end),
    };
    let spans: Vec<Span> = spans.iter().enumerate().map(span).collect();
    let source = match conn.backend() {
        Backend::Sqlite => {
            "(SELECT value ->> 'position' AS position, value ->> 'start' AS start, value ->> 'until' AS until
                FROM json_each($1))"
        }
        Backend::Postgres => {
            "json_to_recordset($1::json) AS spans (position INT, start TIMESTAMP, until TIMESTAMP)"
        }
    };
    let statement = diesel::sql_query(format!(
        "SELECT (SELECT count(*) FROM jobs WHERE created_at >= start AND created_at < until) AS created,
                (SELECT count(*) FROM jobs WHERE completed_at >= start AND completed_at < until) AS completed
           FROM {source} ORDER BY position"
    ));
    Ok(Prepared(statement.bind::<Text, _>(rows_as_json(&spans)?)).load(conn)?)
}
