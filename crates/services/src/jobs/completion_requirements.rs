//! Requirements for the completion of a job: report, photos, ONT serial number, attenuation.

use db::tables::{photos, settings};
use db::{Conn, Tx};
use shared::job::TransitionInput;
use shared::photo::PhotoKind;
use shared::settings::{JobTypeSettings, Settings};
use shared::validate::FieldFault;
use shared::{ErrorCode, JobId};

use crate::Actor;
use crate::error::{Error, Result};
use crate::jobs::loading::LoadedJob;
use crate::jobs::queries::load_visible;

/// Evidence that is missing for a completion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MissingEvidence {
    Report,
    OntSerialNumber,
    Attenuation,
    /// Number of missing photos.
    Photos(i64),
}

/// Evidence that the request provides.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ProvidedEvidence {
    pub report: bool,
    pub ont_serial_number: bool,
    pub attenuation: bool,
}

/// What the job type requires, and the photos that exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompletionRequirements {
    pub needs_ont_serial_number: bool,
    pub needs_attenuation: bool,
    pub min_photos: i64,
    /// Number of photos per kind, in the order of the kinds.
    pub photos: Vec<(PhotoKind, i64)>,
}

impl CompletionRequirements {
    /// Returns what is missing, in the order in which it is asked for.
    pub fn missing(&self, given: ProvidedEvidence) -> Vec<MissingEvidence> {
        let missing = self.min_photos - self.photo_count();
        let all = [
            (MissingEvidence::Report, !given.report),
            (MissingEvidence::Photos(missing), missing > 0),
            (
                MissingEvidence::OntSerialNumber,
                self.needs_ont_serial_number && !given.ont_serial_number,
            ),
            (MissingEvidence::Attenuation, self.needs_attenuation && !given.attenuation),
        ];
        all.into_iter().filter(|(_, missing)| *missing).map(|(evidence, _)| evidence).collect()
    }

    /// Total number of photos.
    pub fn photo_count(&self) -> i64 {
        self.photos.iter().map(|(_, count)| count).sum()
    }

    fn load(conn: &mut Conn, demands: &JobTypeSettings, job: JobId) -> Result<Self> {
        Ok(Self {
            needs_ont_serial_number: demands.needs_ont_serial_number,
            needs_attenuation: demands.needs_attenuation,
            min_photos: demands.min_photos,
            photos: photos::count_by_kind(conn, job)?,
        })
    }
}

/// Loads the completion requirements of a job.
///
/// # Errors
/// `Forbidden`, `NotFound`.
pub fn completion_requirements(
    conn: &mut Conn,
    actor: &Actor,
    id: JobId,
) -> Result<CompletionRequirements> {
    let job = load_visible(conn, actor, id)?;
    let settings = settings::load(conn)?;
    CompletionRequirements::load(conn, &settings.for_job_type(job.row.job_type), id)
}

/// Checks that the completion provides everything that the job type requires.
///
/// # Errors
/// `Required` for missing fields, `EvidenceMissing` for missing photos.
pub fn check(
    tx: &mut Tx<'_>,
    settings: &Settings,
    job: &LoadedJob,
    step: &TransitionInput,
) -> Result<()> {
    let evidence = CompletionRequirements::load(
        tx.conn(),
        &settings.for_job_type(job.row.job_type),
        job.row.id,
    )?;
    let given = ProvidedEvidence {
        report: step.report.is_some(),
        ont_serial_number: step.ont_serial_number.is_some(),
        attenuation: step.attenuation_dbm.is_some(),
    };
    let missing = evidence.missing(given);
    let fields = missing.iter().filter_map(|evidence| missing_field(*evidence));
    let faults: Vec<FieldFault> =
        fields.map(|field| FieldFault::new(field, ErrorCode::Required)).collect();
    if !faults.is_empty() {
        return Err(faults.into());
    }
    match missing.first() {
        Some(MissingEvidence::Photos(count)) => {
            Err(Error::refuse_with(ErrorCode::EvidenceMissing, count))
        }
        _ => Ok(()),
    }
}

/// The request field for the evidence; `None` for photos.
const fn missing_field(evidence: MissingEvidence) -> Option<&'static str> {
    match evidence {
        MissingEvidence::Report => Some("report"),
        MissingEvidence::OntSerialNumber => Some("ont_serial_number"),
        MissingEvidence::Attenuation => Some("attenuation_dbm"),
        MissingEvidence::Photos(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_job_type_requires_is_missing() {
        let mut evidence = CompletionRequirements {
            needs_ont_serial_number: false,
            needs_attenuation: false,
            min_photos: 2,
            photos: vec![(PhotoKind::After, 1)],
        };
        assert_eq!(
            evidence.missing(ProvidedEvidence::default()),
            [MissingEvidence::Report, MissingEvidence::Photos(1)]
        );
        evidence.needs_attenuation = true;
        evidence.photos.push((PhotoKind::Device, 4));
        let given = ProvidedEvidence { report: true, ..ProvidedEvidence::default() };
        assert_eq!(evidence.missing(given), [MissingEvidence::Attenuation]);
        assert_eq!(evidence.missing(ProvidedEvidence { attenuation: true, ..given }), []);
    }
}
