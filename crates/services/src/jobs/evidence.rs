//! What has to be there before a job is completed.

use db::Tx;
use db::tables::photos;
use shared::ErrorCode;
use shared::job::Step;
use shared::settings::{JobTypeSettings, Settings};
use shared::validate::FieldFault;

use crate::error::{Error, Result};
use crate::jobs::record::Loaded;

/// Checks the report, what the job's type demands, and the photos.
///
/// # Errors
/// Missing fields (422) or photos ([`ErrorCode::EvidenceMissing`]).
pub fn check(tx: &mut Tx<'_>, settings: &Settings, job: &Loaded, step: &Step) -> Result<()> {
    let demands = settings.of(job.row.job_type);
    let missing = missing_fields(demands, step);
    if !missing.is_empty() {
        return Err(missing.into());
    }
    let photos = photos::count(tx.conn(), job.row.id)?;
    if photos < demands.min_photos {
        let wanted = format!("{} foto/photo", demands.min_photos - photos);
        return Err(Error::refuse_with(ErrorCode::EvidenceMissing, wanted));
    }
    Ok(())
}

fn missing_fields(demands: &JobTypeSettings, step: &Step) -> Vec<FieldFault> {
    let fields = [
        ("report", step.report.is_none()),
        ("ont_serial_number", demands.needs_ont_serial_number && step.ont_serial_number.is_none()),
        ("attenuation_dbm", demands.needs_attenuation && step.attenuation_dbm.is_none()),
    ];
    fields
        .into_iter()
        .filter(|(_, missing)| *missing)
        .map(|(field, _)| FieldFault::new(field, ErrorCode::Required))
        .collect()
}
