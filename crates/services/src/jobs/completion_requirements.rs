//! What has to be there before a job is completed.

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

/// What a completion lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MissingEvidence {
    Report,
    OntSerialNumber,
    Attenuation,
    /// So many more.
    Photos(i64),
}

/// What somebody has to tell when completing a job.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ProvidedEvidence {
    pub report: bool,
    pub ont_serial_number: bool,
    pub attenuation: bool,
}

/// What a job's type demands, and the photos that are there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompletionRequirements {
    pub needs_ont_serial_number: bool,
    pub needs_attenuation: bool,
    pub min_photos: i64,
    /// How many of each kind, in the order of the kinds.
    pub photos: Vec<(PhotoKind, i64)>,
}

impl CompletionRequirements {
    /// What is still missing, in the order in which it is asked for.
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
        all.into_iter().filter(|(_, lacks)| *lacks).map(|(lack, _)| lack).collect()
    }

    /// All photos together.
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

/// What the completion of a job demands, and what of it is there.
///
/// # Errors
/// There is no such job for this actor.
pub fn completion_requirements(
    conn: &mut Conn,
    actor: &Actor,
    id: JobId,
) -> Result<CompletionRequirements> {
    let job = load_visible(conn, actor, id)?;
    let settings = settings::load(conn)?;
    CompletionRequirements::load(conn, settings.for_job_type(job.row.job_type), id)
}

/// Checks the report, what the job's type demands, and the photos.
///
/// # Errors
/// Missing fields (422) or photos ([`ErrorCode::EvidenceMissing`]).
pub fn check(
    tx: &mut Tx<'_>,
    settings: &Settings,
    job: &LoadedJob,
    step: &TransitionInput,
) -> Result<()> {
    let evidence = CompletionRequirements::load(
        tx.conn(),
        settings.for_job_type(job.row.job_type),
        job.row.id,
    )?;
    let given = ProvidedEvidence {
        report: step.report.is_some(),
        ont_serial_number: step.ont_serial_number.is_some(),
        attenuation: step.attenuation_dbm.is_some(),
    };
    let lacks = evidence.missing(given);
    let fields = lacks.iter().filter_map(|lack| missing_field(*lack));
    let missing: Vec<FieldFault> =
        fields.map(|field| FieldFault::new(field, ErrorCode::Required)).collect();
    if !missing.is_empty() {
        return Err(missing.into());
    }
    match lacks.first() {
        Some(MissingEvidence::Photos(missing)) => {
            let wanted = format!("{missing} foto/photo");
            Err(Error::refuse_with(ErrorCode::EvidenceMissing, wanted))
        }
        _ => Ok(()),
    }
}

/// The field of the request that is missing.
const fn missing_field(lack: MissingEvidence) -> Option<&'static str> {
    match lack {
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
