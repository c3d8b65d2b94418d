//! Ranking of technicians for a job.
//!
//! The score adds five weighted factors of 0 to 1: distance and skill count most, because they
//! decide how soon and how well the work gets done; then workload, punctuality (performance) and an
//! even distribution of jobs (fairness).

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use db::Conn;
use db::tables::technicians::{self as table, TechnicianFilter, TechnicianWithUser};
use db::tables::{completed_jobs, job_technicians, technician_skills};
use shared::job::{
    Candidate, CandidateFacts, Factor, Factors, IneligibilityReason, JobType, RankedCandidate,
};
use shared::technician::{Skill, TechnicianSort};
use shared::{ErrorCode, JobId, Lang, Page, Permission, TechnicianId};

use crate::error::{Error, Result};
use crate::jobs::distance_km;
use crate::jobs::loading::LoadedJob;
use crate::jobs::queries::load_visible;
use crate::pagination::single_page;
use crate::{Actor, technicians};

/// Weights of the factors; they add up to 1.
mod weight {
    pub const DISTANCE: f64 = 0.30;
    pub const SKILL: f64 = 0.25;
    pub const WORKLOAD: f64 = 0.20;
    pub const PERFORMANCE: f64 = 0.15;
    pub const FAIRNESS: f64 = 0.10;
}

/// Distance in kilometres from which the distance factor is 0.
const MAX_DISTANCE_KM: f64 = 30.0;
/// Number of unfinished jobs from which the workload factor is 0.
const MAX_OPEN_JOBS: f64 = 5.0;
/// Highest skill level.
const MAX_SKILL_LEVEL: f64 = 5.0;
/// Value of a factor that nothing is known about.
const NEUTRAL_VALUE: f64 = 0.5;
/// Days considered for the performance factor.
const PERFORMANCE_DAYS: i64 = 90;
/// Days considered for the fairness factor.
const FAIRNESS_DAYS: i64 = 7;
/// Maximum technicians compared.
const MAX_TECHNICIANS: i64 = 1_000;

/// Ranks the technicians: eligible ones first, of these and of the others those with the required skill first, then by
/// score and by name. `lang` is the language of the explanations.
///
/// # Errors
/// `Forbidden`, `NotFound`.
pub fn candidates(
    conn: &mut Conn,
    actor: &Actor,
    lang: Lang,
    now: DateTime<Utc>,
    id: JobId,
) -> Result<Page<Candidate>> {
    actor.scope(Permission::JobsAssign)?;
    let job = load_visible(conn, actor, id)?;
    let ranked = rank(conn, &job, now)?.into_iter();
    Ok(single_page(ranked.map(|candidate| candidate.render(lang)).collect()))
}

/// Returns the best eligible technician.
///
/// # Errors
/// `NoCandidate`.
pub(super) fn best_candidate(
    conn: &mut Conn,
    job: &LoadedJob,
    now: DateTime<Utc>,
) -> Result<TechnicianId> {
    let first = rank(conn, job, now)?.into_iter().find(RankedCandidate::is_eligible);
    first.map(|one| one.technician_id).ok_or_else(|| Error::refuse(ErrorCode::NoCandidate))
}

fn rank(conn: &mut Conn, job: &LoadedJob, now: DateTime<Utc>) -> Result<Vec<RankedCandidate>> {
    let everybody = TechnicianFilter::default();
    let rows = table::list(conn, &everybody, TechnicianSort::Name, None, MAX_TECHNICIANS)?;
    let ids: Vec<TechnicianId> = rows.iter().map(|(row, _)| row.id).collect();
    let history = TechnicianHistory::load(conn, &ids, now)?;
    let mut all: Vec<RankedCandidate> =
        rows.iter().map(|row| history.candidate(job, row, now)).collect();
    // A stable sort keeps the alphabetical order among equal scores.
    all.sort_by(|a, b| {
        (b.is_eligible(), b.is_skilled())
            .cmp(&(a.is_eligible(), a.is_skilled()))
            .then(b.score().total_cmp(&a.score()))
    });
    Ok(all)
}

/// Data about the technicians that the factors are computed from.
struct TechnicianHistory {
    skills: HashMap<TechnicianId, Vec<Skill>>,
    open_jobs: HashMap<TechnicianId, i64>,
    /// Completed jobs, and how many of them were on time.
    completed: HashMap<TechnicianId, (i64, i64)>,
    /// Jobs received in the last days.
    received: HashMap<TechnicianId, i64>,
    most_received: i64,
}

impl TechnicianHistory {
    fn load(conn: &mut Conn, ids: &[TechnicianId], now: DateTime<Utc>) -> Result<Self> {
        let ago = |days| (now - TimeDelta::days(days)).naive_utc();
        let mut skills: HashMap<TechnicianId, Vec<Skill>> = HashMap::new();
        for (id, skill) in technician_skills::for_technicians(conn, ids)? {
            skills.entry(id).or_default().push(skill);
        }
        let completed = completed_jobs::punctuality_since(conn, ago(PERFORMANCE_DAYS))?;
        let completed = completed
            .into_iter()
            .map(|one| (one.technician_id, (one.completed, one.on_time)))
            .collect();
        let mut received: HashMap<TechnicianId, i64> = HashMap::new();
        let given = job_technicians::assigned_since(conn, ago(FAIRNESS_DAYS))?;
        for (id, _) in given.into_iter().collect::<HashSet<_>>() {
            *received.entry(id).or_default() += 1;
        }
        let open_jobs = table::count_open_jobs(conn, ids)?.into_iter().collect();
        let most_received = received.values().copied().max().unwrap_or(0);
        Ok(Self { skills, open_jobs, completed, received, most_received })
    }

    fn candidate(
        &self,
        job: &LoadedJob,
        (row, login): &TechnicianWithUser,
        now: DateTime<Utc>,
    ) -> RankedCandidate {
        let (completed, on_time) = self.completed.get(&row.id).copied().unwrap_or_default();
        let place = technicians::likely_location_of(row, now);
        let facts = CandidateFacts {
            distance_km: distance_km(place, job.row.latitude, job.row.longitude),
            skill_level: self.level(row.id, job.row.job_type),
            open_jobs: self.open_jobs.get(&row.id).copied().unwrap_or(0),
            completed,
            on_time,
            received: self.received.get(&row.id).copied().unwrap_or(0),
        };
        let factors = factors(&facts, self.most_received);
        let possible_reasons = [
            (!row.active || !login.active, IneligibilityReason::Inactive),
            (!row.on_duty, IneligibilityReason::OffDuty),
            (job.assignee_ids().contains(&row.id), IneligibilityReason::OnJob),
        ];
        let reasons = possible_reasons.into_iter().filter(|(applies, _)| *applies);
        RankedCandidate {
            technician_id: row.id,
            name: row.name.clone(),
            username: login.username.clone(),
            reasons: reasons.map(|(_, reason)| reason).collect(),
            factors,
            facts,
        }
    }

    fn level(&self, id: TechnicianId, job_type: JobType) -> u8 {
        let wanted = job_type.profile().skill;
        let skills = self.skills.get(&id).map(Vec::as_slice).unwrap_or_default();
        skills.iter().find(|skill| skill.skill == wanted).map_or(0, |skill| skill.level)
    }
}

fn factors(facts: &CandidateFacts, most_received: i64) -> Factors {
    let (completed, on_time) = (facts.completed, facts.on_time);
    let share = |part: i64, whole: i64| (whole > 0).then(|| part as f64 / whole as f64);
    let near = facts.distance_km.map_or(NEUTRAL_VALUE, |km| 1.0 - km / MAX_DISTANCE_KM);
    let free = 1.0 - facts.open_jobs as f64 / MAX_OPEN_JOBS;
    let in_time = share(on_time, completed).unwrap_or(NEUTRAL_VALUE);
    let waits = 1.0 - share(facts.received, most_received).unwrap_or(0.0);
    Factors {
        distance: Factor::new(near, weight::DISTANCE),
        skill: Factor::new(f64::from(facts.skill_level) / MAX_SKILL_LEVEL, weight::SKILL),
        workload: Factor::new(free, weight::WORKLOAD),
        performance: Factor::new(in_time, weight::PERFORMANCE),
        fairness: Factor::new(waits, weight::FAIRNESS),
    }
}
