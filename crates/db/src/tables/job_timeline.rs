//! Timeline entries of jobs. Triggers reject updates and deletes.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use shared::job::{TimelineEntry, TimelineKind};
use shared::job_state_machine::{JobAction, JobStatus};
use shared::{JobId, TimelineEntryId, UserId};

use crate::conn::Conn;
use crate::error::DbError;
use crate::prepared::Prepared;
use crate::schema::job_timeline as table;

/// A new entry.
#[derive(Insertable)]
#[diesel(table_name = table)]
pub struct NewTimelineEntry<'a> {
    pub job_id: JobId,
    pub kind: TimelineKind,
    pub action: Option<JobAction>,
    pub from_status: Option<JobStatus>,
    pub to_status: Option<JobStatus>,
    pub actor_id: Option<UserId>,
    pub actor_name: &'a str,
    pub reason: Option<&'a str>,
    pub detail: Option<&'a str>,
    pub device_time: Option<NaiveDateTime>,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    pub at: NaiveDateTime,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = table)]
struct TimelineRow {
    id: TimelineEntryId,
    kind: TimelineKind,
    action: Option<JobAction>,
    from_status: Option<JobStatus>,
    to_status: Option<JobStatus>,
    actor_id: Option<UserId>,
    actor_name: String,
    reason: Option<String>,
    detail: Option<String>,
    device_time: Option<NaiveDateTime>,
    latitude: Option<f64>,
    longitude: Option<f64>,
    at: NaiveDateTime,
}

/// Adds an entry.
pub fn insert(conn: &mut Conn, entry: &NewTimelineEntry<'_>) -> Result<(), DbError> {
    let insert = Prepared(diesel::insert_into(table::table).values(entry).returning(table::id));
    let _: TimelineEntryId = match conn {
        Conn::Sqlite(conn) => insert.get_result(conn)?,
        Conn::Postgres(conn) => insert.get_result(conn)?,
    };
    Ok(())
}

/// All entries of a job, oldest first.
pub fn for_job(conn: &mut Conn, job: JobId) -> Result<Vec<TimelineEntry>, DbError> {
    let rows: Vec<TimelineRow> = table::table
        .filter(table::job_id.eq(job))
        .order(table::id)
        .select(TimelineRow::as_select())
        .load(conn)?;
    let entry = |row: TimelineRow| TimelineEntry {
        id: row.id,
        kind: row.kind,
        action: row.action,
        from_status: row.from_status,
        to_status: row.to_status,
        actor_id: row.actor_id,
        actor_name: row.actor_name,
        reason: row.reason,
        detail: row.detail,
        device_time: row.device_time.map(|time| time.and_utc()),
        latitude: row.latitude,
        longitude: row.longitude,
        at: row.at.and_utc(),
    };
    Ok(rows.into_iter().map(entry).collect())
}
