//! Who works on which job.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use shared::job::JobTechnician;
use shared::job_state_machine::JobAction;
use shared::{JobId, TechnicianId};

use crate::conn::Conn;
use crate::error::DbError;
use crate::prepared::Prepared;
use crate::schema::{job_technicians as table, job_timeline, technicians};
use crate::static_sql::{SqlText, StaticSql};

/// Lists of ids grow by this.
const STEP: usize = 8;
/// Texts for one id, 8 ids, 16 ids … as many as the longest page has.
static TEXTS: [SqlText; 26] = [const { SqlText::new() }; 26];

/// The crews of several jobs, each led by its first.
pub fn for_jobs(conn: &mut Conn, jobs: &[JobId]) -> Result<Vec<(JobId, JobTechnician)>, DbError> {
    if jobs.is_empty() {
        return Ok(Vec::new());
    }
    let ids = padded_ids(jobs);
    let statement = table::table
        .inner_join(technicians::table)
        .filter(table::job_id.eq_any(ids.clone()))
        .order((table::job_id, table::lead.desc(), table::technician_id))
        .select((table::job_id, table::technician_id, technicians::name, table::lead));
    let rows: Vec<(JobId, TechnicianId, String, bool)> = match TEXTS.get(ids.len() / STEP) {
        Some(text) => StaticSql { text, statement }.load(conn)?,
        None => Prepared(statement).load(conn)?,
    };
    let crew =
        |(job, technician_id, name, lead)| (job, JobTechnician { technician_id, name, lead });
    Ok(rows.into_iter().map(crew).collect())
}

/// The same jobs, the last one repeated until the count is one of few: so few statements have to be
/// kept prepared.
fn padded_ids(jobs: &[JobId]) -> Vec<JobId> {
    let mut ids = jobs.to_vec();
    if let Some(last) = ids.last().copied() {
        let count = if ids.len() == 1 { 1 } else { ids.len().next_multiple_of(STEP) };
        ids.resize(count, last);
    }
    ids
}

/// The crew of one job; the lead comes first.
pub fn for_job(conn: &mut Conn, job: JobId) -> Result<Vec<JobTechnician>, DbError> {
    Ok(for_jobs(conn, &[job])?.into_iter().map(|(_, technician)| technician).collect())
}

/// Replaces the crew; the first one leads.
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

/// The jobs that somebody got from `since` on and still has or has finished, once for each
/// technician.
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
