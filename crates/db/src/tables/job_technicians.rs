//! Assignments of technicians to jobs.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use shared::job::JobTechnician;
use shared::job_state_machine::JobAction;
use shared::{JobId, TechnicianId};

use crate::conn::Conn;
use crate::error::DbError;
use crate::schema::{job_technicians as table, job_timeline, technicians};

/// The technicians of one job, the lead first.
pub fn for_job(conn: &mut Conn, job: JobId) -> Result<Vec<JobTechnician>, DbError> {
    let rows: Vec<(TechnicianId, String, bool)> = match conn {
        Conn::Sqlite(conn) => with_names().filter(table::job_id.eq(job)).load(conn)?,
        Conn::Postgres(conn) => with_names().filter(table::job_id.eq(job)).load(conn)?,
    };
    let technician = |(technician_id, name, lead)| JobTechnician { technician_id, name, lead };
    Ok(rows.into_iter().map(technician).collect())
}

#[diesel::dsl::auto_type]
fn with_names() -> _ {
    table::table
        .inner_join(technicians::table)
        .select((table::technician_id, technicians::name, table::lead))
        .order((table::lead.desc(), table::technician_id.asc()))
}

/// Replaces the technicians of a job; the first one becomes the lead.
pub fn replace(conn: &mut Conn, job: JobId, technicians: &[TechnicianId]) -> Result<(), DbError> {
    diesel::delete(table::table.filter(table::job_id.eq(job))).execute(conn)?;
    for (index, technician) in technicians.iter().enumerate() {
        // A trigger fills the columns that repeat what the job knows.
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
