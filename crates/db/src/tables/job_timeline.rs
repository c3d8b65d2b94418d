//! Timeline entries of jobs. Triggers reject updates and deletes.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::Text;
use serde::Serialize;
use shared::job::{TimelineEntry, TimelineKind};
use shared::job_state_machine::{JobAction, JobStatus};
use shared::{JobId, TimelineEntryId, UserId};

use crate::conn::{Backend, Conn};
use crate::error::DbError;
use crate::json_rows::rows_as_json;
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

impl<'a> NewTimelineEntry<'a> {
    fn created(entry: &'a CreatedJobEntry) -> Self {
        Self {
            job_id: entry.job_id,
            kind: TimelineKind::Created,
            action: None,
            from_status: None,
            to_status: None,
            actor_id: Some(entry.actor_id),
            actor_name: &entry.actor_name,
            reason: None,
            detail: None,
            device_time: None,
            latitude: None,
            longitude: None,
            at: entry.at,
        }
    }
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

/// The first entry of a job.
#[derive(Debug, Serialize)]
pub struct CreatedJobEntry {
    pub job_id: JobId,
    pub actor_id: UserId,
    pub actor_name: String,
    pub at: NaiveDateTime,
}

/// Adds the first entries of jobs.
pub(crate) fn insert_created(conn: &mut Conn, entries: &[CreatedJobEntry]) -> Result<(), DbError> {
    if conn.backend() == Backend::Sqlite || entries.len() < 2 {
        return entries
            .iter()
            .try_for_each(|entry| insert(conn, &NewTimelineEntry::created(entry)));
    }
    let statement = diesel::sql_query(
        "INSERT INTO job_timeline (job_id, kind, actor_id, actor_name, at)
         SELECT e.job_id, $2, e.actor_id, e.actor_name, e.at
           FROM json_to_recordset($1::json)
                AS e (job_id BIGINT, actor_id BIGINT, actor_name TEXT, at TIMESTAMP)",
    )
    .bind::<Text, _>(rows_as_json(entries)?)
    .bind::<Text, _>(TimelineKind::Created);
    statement.execute(conn)?;
    Ok(())
}

/// Adds an entry.
pub(crate) fn insert(conn: &mut Conn, entry: &NewTimelineEntry<'_>) -> Result<(), DbError> {
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
