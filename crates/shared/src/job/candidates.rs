//! Candidates for a job and their scores.

use serde::{Deserialize, Serialize};

use crate::Lang;
use crate::ids::TechnicianId;

crate::text_enum! {
    /// Why a technician is not eligible for a job.
    IneligibilityReason {
        /// The technician or the user account is disabled.
        Inactive => "inactive",
        OffDuty => "off_duty",
        /// Already assigned to the job.
        OnJob => "on_job",
    }
}

/// One entry of `GET /api/jobs/{id}/candidates`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Candidate {
    pub technician_id: TechnicianId,
    pub name: String,
    pub username: String,
    /// Whether the technician can be assigned.
    pub eligible: bool,
    /// Why the technician is not eligible.
    pub reasons: Vec<IneligibilityReason>,
    /// Sum of the contributions, 0 to 1.
    pub score: f64,
    pub factors: Factors,
    /// Straight-line distance from the technician's last known or base location.
    pub distance_km: Option<f64>,
    /// Level of the skill that the job requires, 1 to 5; 0 without it.
    pub skill_level: u8,
    /// Unfinished jobs.
    pub open_jobs: i64,
    /// The facts behind the score in one line, in the language of the request.
    pub explanation: String,
}

/// Factors of a score. The weights add up to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Factors {
    /// 1 at the location of the job, 0 from 30 km; 0.5 if unknown.
    pub distance: Factor,
    /// Level of the required skill divided by 5; 0 without the skill.
    pub skill: Factor,
    /// 1 without unfinished jobs, 0.2 less per job.
    pub workload: Factor,
    /// Share of jobs of the last 90 days that were completed in time; 0.5 without jobs.
    pub performance: Factor,
    /// 1 without jobs received in the last 7 days, 0 for the technician with the most.
    pub fairness: Factor,
}

/// One factor of a score.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Factor {
    /// 0 (worst) to 1 (best).
    pub value: f64,
    /// Weight, 0 to 1.
    pub weight: f64,
    /// Value times weight.
    pub contribution: f64,
}

impl Factor {
    /// A factor with its value clamped to 0..=1.
    pub fn new(value: f64, weight: f64) -> Self {
        let value = value.clamp(0.0, 1.0);
        Self { value, weight, contribution: value * weight }
    }
}

impl Factors {
    /// Sum of the contributions.
    pub fn score(&self) -> f64 {
        let Self { distance, skill, workload, performance, fairness } = self;
        [distance, skill, workload, performance, fairness]
            .map(|factor| factor.contribution)
            .iter()
            .sum()
    }
}

/// A ranked technician, before the explanation is rendered.
#[derive(Debug, Clone, PartialEq)]
pub struct RankedCandidate {
    pub technician_id: TechnicianId,
    pub name: String,
    pub username: String,
    pub reasons: Vec<IneligibilityReason>,
    pub factors: Factors,
    pub facts: CandidateFacts,
}

impl RankedCandidate {
    /// Whether the technician can be assigned.
    pub fn is_eligible(&self) -> bool {
        self.reasons.is_empty()
    }

    /// Whether the technician has the skill that the job requires.
    pub fn is_skilled(&self) -> bool {
        self.facts.skill_level > 0
    }

    /// Sum of the contributions, 0 to 1.
    pub fn score(&self) -> f64 {
        self.factors.score()
    }

    /// The candidate with its explanation in a language.
    pub fn render(self, lang: Lang) -> Candidate {
        Candidate {
            eligible: self.is_eligible(),
            score: self.score(),
            distance_km: self.facts.distance_km,
            skill_level: self.facts.skill_level,
            open_jobs: self.facts.open_jobs,
            explanation: self.facts.explanation(lang),
            technician_id: self.technician_id,
            name: self.name,
            username: self.username,
            reasons: self.reasons,
            factors: self.factors,
        }
    }
}

/// Facts that the score is computed from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CandidateFacts {
    pub distance_km: Option<f64>,
    /// 0 without the skill.
    pub skill_level: u8,
    pub open_jobs: i64,
    /// Jobs completed in the last 90 days.
    pub completed: i64,
    /// Jobs of these that were completed in time.
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
