//! Who could do a job, and how well each one fits.

use serde::{Deserialize, Serialize};

use crate::Lang;
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
    /// The facts behind the score in one line, in the language of the request.
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

/// A ranked technician, before the explanation is rendered in a language.
#[derive(Debug, Clone, PartialEq)]
pub struct RankedCandidate {
    pub technician_id: TechnicianId,
    pub name: String,
    pub reasons: Vec<IneligibilityReason>,
    pub factors: Factors,
    pub facts: CandidateFacts,
}

impl RankedCandidate {
    /// Whether the technician can be proposed.
    pub fn is_eligible(&self) -> bool {
        self.reasons.is_empty()
    }

    /// The sum of the contributions, 0 to 1.
    pub fn score(&self) -> f64 {
        self.factors.score()
    }

    /// The candidate with its explanation in a language.
    pub fn render(self, lang: Lang) -> Candidate {
        Candidate {
            eligible: self.is_eligible(),
            score: self.score(),
            distance_km: self.facts.distance_km,
            explanation: self.facts.explanation(lang),
            technician_id: self.technician_id,
            name: self.name,
            reasons: self.reasons,
            factors: self.factors,
        }
    }
}

/// The facts that a ranking is based on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CandidateFacts {
    pub distance_km: Option<f64>,
    /// 0 without the skill.
    pub skill_level: u8,
    pub open_jobs: i64,
    /// Jobs completed in the last 90 days.
    pub completed: i64,
    /// Those of them that were on time.
    pub on_time: i64,
    /// Jobs received in the last 7 days.
    pub received: i64,
}

impl CandidateFacts {
    /// The facts in one line.
    pub fn explanation(&self, lang: Lang) -> String {
        let Self { skill_level, open_jobs, completed, on_time, received, .. } = *self;
        let punctuality = (completed > 0).then(|| (on_time * 100 + completed / 2) / completed);
        let parts = match lang {
            Lang::Id => [
                self.distance_km.map_or("jarak tidak diketahui".into(), |km| {
                    format!("{km:.1} km").replace('.', ",")
                }),
                match skill_level {
                    0 => "tanpa keahlian ini".into(),
                    level => format!("keahlian {level}/5"),
                },
                format!("{open_jobs} pekerjaan terbuka"),
                punctuality.map_or("belum ada riwayat".into(), |p| format!("{p}% tepat waktu")),
                format!("dapat {received} dalam 7 hari"),
            ],
            Lang::En => [
                self.distance_km.map_or("distance unknown".into(), |km| format!("{km:.1} km")),
                match skill_level {
                    0 => "without this skill".into(),
                    level => format!("skill {level}/5"),
                },
                format!("{open_jobs} open jobs"),
                punctuality.map_or("no history yet".into(), |p| format!("{p}% on time")),
                format!("received {received} in 7 days"),
            ],
        };
        parts.join(" · ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_facts_are_explained_in_both_languages() {
        let facts = CandidateFacts {
            distance_km: Some(1.14),
            skill_level: 5,
            open_jobs: 0,
            completed: 3,
            on_time: 2,
            received: 1,
        };
        assert_eq!(
            facts.explanation(Lang::Id),
            "1,1 km · keahlian 5/5 · 0 pekerjaan terbuka · 67% tepat waktu · dapat 1 dalam 7 hari"
        );
        assert_eq!(
            facts.explanation(Lang::En),
            "1.1 km · skill 5/5 · 0 open jobs · 67% on time · received 1 in 7 days"
        );
    }
}
