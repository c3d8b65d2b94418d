//! What a job needs, gets and uses.

use db::{Conn, Tx};
use shared::inventory::{Line, Movement};
use shared::job::{JobMaterial, JobType};
use shared::{JobId, TechnicianId};

use crate::Actor;
use crate::error::Result;
use crate::outbox::Missing;

/// Copies the default material list of the job's type to the job.
///
/// # Errors
/// The database fails.
pub fn plan(_tx: &mut Tx<'_>, _job_id: JobId, _job_type: JobType) -> Result<()> {
    Ok(())
}

/// Moves what is planned from the first warehouse into the bag of whoever accepts, as far as it
/// goes. Short stock never blocks: what is missing is told to the admins and returned.
///
/// # Errors
/// The database fails.
pub fn issue_on_accept(
    _tx: &mut Tx<'_>,
    _actor: &Actor,
    _job_id: JobId,
    _job_number: &str,
    _technician_id: TechnicianId,
) -> Result<Vec<Missing>> {
    Ok(Vec::new())
}

/// Moves what was used from the bag to the customer. `lines` have been parsed; `field` is where
/// they stand in the request, for the faults.
///
/// # Errors
/// Not that much in the bag; a unit is not in the bag; unknown item.
pub fn use_on_completion(
    _tx: &mut Tx<'_>,
    _actor: &Actor,
    _job_id: JobId,
    _technician_id: TechnicianId,
    _lines: &[Line],
    _field: &str,
) -> Result<Vec<Movement>> {
    Ok(Vec::new())
}

/// What the job was planned to need, got and used: one row per item.
///
/// # Errors
/// The database fails.
pub fn list(_conn: &mut Conn, _job_id: JobId) -> Result<Vec<JobMaterial>> {
    Ok(Vec::new())
}
