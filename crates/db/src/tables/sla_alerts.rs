//! SLA alerts that were sent, so that each is sent once.

use chrono::NaiveDateTime;
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text, Timestamp};
use shared::JobId;
use shared::job::SlaLevel;

use crate::conn::Conn;
use crate::error::DbError;
use crate::schema::{jobs, sla_alerts as table};
use crate::tables::jobs::{JobRow, SLA_RUNNING};

/// Jobs with a running SLA clock, due within `(after, until]`, without an alert of this level for this
/// due time; most urgent first.
pub fn list_unalerted(
    conn: &mut Conn,
    level: SlaLevel,
    after: Option<NaiveDateTime>,
    until: NaiveDateTime,
    limit: i64,
) -> Result<Vec<JobRow>, DbError> {
    let alerted = table::table.filter(
        table::job_id.eq(jobs::id).and(table::level.eq(level)).and(table::due_at.eq(jobs::due_at)),
    );
    let mut query = jobs::table
        .filter(jobs::status.eq_any(SLA_RUNNING))
        .filter(jobs::due_at.le(until))
        .filter(not(exists(alerted)))
        .select(JobRow::as_select())
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(jobs::due_at.gt(after));
    }
    Ok(query.order((jobs::due_at, jobs::id)).limit(limit).load(conn)?)
}

/// Records an alert; false if another server instance did so first.
pub fn insert(
    conn: &mut Conn,
    job: JobId,
    level: SlaLevel,
    due_at: NaiveDateTime,
    now: NaiveDateTime,
) -> Result<bool, DbError> {
    let inserted = diesel::sql_query(
        "INSERT INTO sla_alerts (job_id, level, due_at, at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (job_id, level, due_at) DO NOTHING",
    )
    .bind::<BigInt, _>(job)
    .bind::<Text, _>(level)
    .bind::<Timestamp, _>(due_at)
    .bind::<Timestamp, _>(now)
    .execute(conn)?;
    Ok(inserted == 1)
}
