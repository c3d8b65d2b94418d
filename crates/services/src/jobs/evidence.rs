//! What has to be there before a job is completed.

use db::tables::{photos, settings};
use db::{Conn, Tx};
use shared::job::Step;
use shared::photo::PhotoKind;
use shared::settings::{JobTypeSettings, Settings};
use shared::validate::FieldFault;
use shared::{ErrorCode, JobId};

use crate::Actor;
use crate::error::{Error, Result};
use crate::jobs::read::visible;
use crate::jobs::record::Loaded;

/// What a completion lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lack {
    Report,
    OntSerialNumber,
    Attenuation,
    /// So many more.
    Photos(i64),
}

/// What somebody has to tell when completing a job.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Given {
    pub report: bool,
    pub ont_serial_number: bool,
    pub attenuation: bool,
}

/// What a job's type demands, and the photos that are there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    pub needs_ont_serial_number: bool,
    pub needs_attenuation: bool,
    pub min_photos: i64,
    /// How many of each kind, in the order of the kinds.
    pub photos: Vec<(PhotoKind, i64)>,
}

impl Evidence {
    /// What is still missing, in the order in which it is asked for.
    pub fn lacks(&self, given: Given) -> Vec<Lack> {
        let missing = self.min_photos - self.photo_count();
        let all = [
            (Lack::Report, !given.report),
            (Lack::Photos(missing), missing > 0),
            (Lack::OntSerialNumber, self.needs_ont_serial_number && !given.ont_serial_number),
            (Lack::Attenuation, self.needs_attenuation && !given.attenuation),
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
pub fn evidence(conn: &mut Conn, actor: &Actor, id: JobId) -> Result<Evidence> {
    let job = visible(conn, actor, id)?;
    let settings = settings::load(conn)?;
    Evidence::load(conn, settings.of(job.row.job_type), id)
}

/// Checks the report, what the job's type demands, and the photos.
///
/// # Errors
/// Missing fields (422) or photos ([`ErrorCode::EvidenceMissing`]).
pub fn check(tx: &mut Tx<'_>, settings: &Settings, job: &Loaded, step: &Step) -> Result<()> {
    let evidence = Evidence::load(tx.conn(), settings.of(job.row.job_type), job.row.id)?;
    let given = Given {
        report: step.report.is_some(),
        ont_serial_number: step.ont_serial_number.is_some(),
        attenuation: step.attenuation_dbm.is_some(),
    };
    let lacks = evidence.lacks(given);
    let fields = lacks.iter().filter_map(|lack| field(*lack));
    let missing: Vec<FieldFault> =
        fields.map(|field| FieldFault::new(field, ErrorCode::Required)).collect();
    if !missing.is_empty() {
        return Err(missing.into());
    }
    match lacks.first() {
        Some(Lack::Photos(missing)) => {
            let wanted = format!("{missing} foto/photo");
            Err(Error::refuse_with(ErrorCode::EvidenceMissing, wanted))
        }
        _ => Ok(()),
    }
}

/// The field of the request that is missing.
const fn field(lack: Lack) -> Option<&'static str> {
    match lack {
        Lack::Report => Some("report"),
        Lack::OntSerialNumber => Some("ont_serial_number"),
        Lack::Attenuation => Some("attenuation_dbm"),
        Lack::Photos(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_type_does_not_demand_is_not_missing() {
        let mut evidence = Evidence {
            needs_ont_serial_number: false,
            needs_attenuation: false,
            min_photos: 2,
            photos: vec![(PhotoKind::After, 1)],
        };
        assert_eq!(evidence.lacks(Given::default()), [Lack::Report, Lack::Photos(1)]);
        evidence.needs_attenuation = true;
        evidence.photos.push((PhotoKind::Device, 4));
        let given = Given { report: true, ..Given::default() };
        assert_eq!(evidence.lacks(given), [Lack::Attenuation]);
        assert_eq!(evidence.lacks(Given { attenuation: true, ..given }), []);
    }
}
