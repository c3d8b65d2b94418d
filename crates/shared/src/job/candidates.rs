//! Who could do a job, and how well each one fits.

use serde::{Deserialize, Serialize};

use crate::ids::TechnicianId;

crate::text_enum! {
    /// Why a technician is not proposed for a job.
    IneligibilityReason {
        /// The technician or the login is switched off.
        Inactive => "inactive",
        OffDuty => "off_duty",
        /// Has the job already.
        OnJob => "on_job",
    }
}

/// One entry of `GET /api/jobs/{id}/candidates`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Candidate {
    pub technician_id: TechnicianId,
    pub name: String,
    /// Can be proposed: nothing stands in the way.
    pub eligible: bool,
    /// What stands in the way.
    pub reasons: Vec<IneligibilityReason>,
    /// The sum of the contributions, 0 to 1.
    pub score: f64,
    pub factors: Factors,
    /// As the crow flies, from where the technician was last seen or starts the day.
    pub distance_km: Option<f64>,
    /// The facts behind the score in one line, in Indonesian.
    pub explanation: String,
}

/// What a score is made of. The weights add up to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Factors {
    /// 1 at the job's place, falling to 0 at 30 km; 0.5 if it is not known.
    pub distance: Factor,
    /// A fifth of the level in the skill that the job's type asks for; 0 without it.
    pub skill: Factor,
    /// 1 without unfinished jobs, a fifth less for each one.
    pub workload: Factor,
    /// Share of the jobs of the last 90 days that were done in time; 0.5 without any.
    pub performance: Factor,
    /// 1 without a job got in the last 7 days, 0 for whoever got the most.
    pub fairness: Factor,
}

/// One part of a score.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Factor {
    /// 0 (speaks against) to 1 (speaks for).
    pub value: f64,
    /// How much it counts, 0 to 1.
    pub weight: f64,
    /// Value times weight.
    pub contribution: f64,
}

impl Factor {
    /// A value, brought into 0 to 1, with its weight.
    pub fn new(value: f64, weight: f64) -> Self {
        let value = value.clamp(0.0, 1.0);
        Self { value, weight, contribution: value * weight }
    }
}

impl Factors {
    /// The sum of the contributions.
    pub fn score(&self) -> f64 {
        let Self { distance, skill, workload, performance, fairness } = self;
        [distance, skill, workload, performance, fairness]
            .map(|factor| factor.contribution)
            .iter()
            .sum()
    }
}
