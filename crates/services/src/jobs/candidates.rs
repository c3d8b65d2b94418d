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
use shared::job::{Candidate, Factor, Factors, IneligibilityReason, JobType};
use shared::technician::{Skill, SkillKind, TechnicianSort};
use shared::{ErrorCode, JobId, Page, Permission, TechnicianId};

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

/// Ranks the technicians: eligible ones first, each group by score and then by name.
///
/// # Errors
/// `Forbidden`, `NotFound`.
pub fn candidates(
    conn: &mut Conn,
    actor: &Actor,
    now: DateTime<Utc>,
    id: JobId,
) -> Result<Page<Candidate>> {
    actor.scope(Permission::JobsAssign)?;
    let job = load_visible(conn, actor, id)?;
    Ok(single_page(rank(conn, &job, now)?))
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
    let first = rank(conn, job, now)?.into_iter().find(|candidate| candidate.eligible);
    first.map(|one| one.technician_id).ok_or_else(|| Error::refuse(ErrorCode::NoCandidate))
}

fn rank(conn: &mut Conn, job: &LoadedJob, now: DateTime<Utc>) -> Result<Vec<Candidate>> {
    let everybody = TechnicianFilter::default();
    let rows = table::list(conn, &everybody, TechnicianSort::Name, None, MAX_TECHNICIANS)?;
    let ids: Vec<TechnicianId> = rows.iter().map(|(row, _)| row.id).collect();
    let record = TechnicianHistory::load(conn, &ids, now)?;
    let mut all: Vec<Candidate> = rows.iter().map(|row| record.candidate(job, row, now)).collect();
    // A stable sort keeps the alphabetical order among equal scores.
    all.sort_by(|a, b| b.eligible.cmp(&a.eligible).then(b.score.total_cmp(&a.score)));
    Ok(all)
}

/// Data about the technicians that the factors are computed from.
struct TechnicianHistory {
    skills: HashMap<TechnicianId, Vec<Skill>>,
    open_jobs: HashMap<TechnicianId, i64>,
    /// Completed jobs, and how many of them were on time.
    done: HashMap<TechnicianId, (i64, i64)>,
    /// Jobs received in the last days.
    got: HashMap<TechnicianId, i64>,
    most_got: i64,
}

impl TechnicianHistory {
    fn load(conn: &mut Conn, ids: &[TechnicianId], now: DateTime<Utc>) -> Result<Self> {
        let ago = |days| (now - TimeDelta::days(days)).naive_utc();
        let mut skills: HashMap<TechnicianId, Vec<Skill>> = HashMap::new();
        for (id, skill) in technician_skills::for_technicians(conn, ids)? {
            skills.entry(id).or_default().push(skill);
        }
        let mut done: HashMap<TechnicianId, (i64, i64)> = HashMap::new();
        for share in completed_jobs::assignments_since(conn, ago(PERFORMANCE_DAYS))? {
            let (all, on_time) = done.entry(share.technician_id).or_default();
            *all += 1;
            *on_time += i64::from(share.completed_at.is_some_and(|at| at <= share.due_at));
        }
        let mut got: HashMap<TechnicianId, i64> = HashMap::new();
        let given = job_technicians::assigned_since(conn, ago(FAIRNESS_DAYS))?;
        for (id, _) in given.into_iter().collect::<HashSet<_>>() {
            *got.entry(id).or_default() += 1;
        }
        let open_jobs = table::count_open_jobs(conn, ids)?.into_iter().collect();
        let most_got = got.values().copied().max().unwrap_or(0);
        Ok(Self { skills, open_jobs, done, got, most_got })
    }

    fn candidate(
        &self,
        job: &LoadedJob,
        (row, login): &TechnicianWithUser,
        now: DateTime<Utc>,
    ) -> Candidate {
        let place = technicians::likely_location_of(row, now);
        let facts = CandidateFacts {
            distance_km: distance_km(place, job.row.latitude, job.row.longitude),
            level: self.level(row.id, job.row.job_type),
            open_jobs: self.open_jobs.get(&row.id).copied().unwrap_or(0),
            done: self.done.get(&row.id).copied().unwrap_or_default(),
            got: self.got.get(&row.id).copied().unwrap_or(0),
        };
        let factors = facts.factors(self.most_got);
        let hindrances = [
            (!row.active || !login.active, IneligibilityReason::Inactive),
            (!row.on_duty, IneligibilityReason::OffDuty),
            (job.assignee_ids().contains(&row.id), IneligibilityReason::OnJob),
        ];
        let reasons: Vec<IneligibilityReason> =
            hindrances.into_iter().filter(|(holds, _)| *holds).map(|(_, reason)| reason).collect();
        Candidate {
            technician_id: row.id,
            name: row.name.clone(),
            eligible: reasons.is_empty(),
            reasons,
            score: factors.score(),
            factors,
            distance_km: facts.distance_km,
            explanation: facts.explanation(),
        }
    }

    fn level(&self, id: TechnicianId, job_type: JobType) -> u8 {
        let wanted = match job_type {
            JobType::Installation => SkillKind::Installation,
            JobType::Repair => SkillKind::Repair,
        };
        let skills = self.skills.get(&id).map(Vec::as_slice).unwrap_or_default();
        skills.iter().find(|skill| skill.skill == wanted).map_or(0, |skill| skill.level)
    }
}

/// Data about one technician.
struct CandidateFacts {
    distance_km: Option<f64>,
    /// 0 without the skill.
    level: u8,
    open_jobs: i64,
    /// Completed jobs, and how many of them were on time.
    done: (i64, i64),
    got: i64,
}

impl CandidateFacts {
    fn factors(&self, most_got: i64) -> Factors {
        let (done, on_time) = self.done;
        let share = |part: i64, whole: i64| (whole > 0).then(|| part as f64 / whole as f64);
        let near = self.distance_km.map_or(NEUTRAL_VALUE, |km| 1.0 - km / MAX_DISTANCE_KM);
        let free = 1.0 - self.open_jobs as f64 / MAX_OPEN_JOBS;
        let in_time = share(on_time, done).unwrap_or(NEUTRAL_VALUE);
        let waits = 1.0 - share(self.got, most_got).unwrap_or(0.0);
        Factors {
            distance: Factor::new(near, weight::DISTANCE),
            skill: Factor::new(f64::from(self.level) / MAX_SKILL_LEVEL, weight::SKILL),
            workload: Factor::new(free, weight::WORKLOAD),
            performance: Factor::new(in_time, weight::PERFORMANCE),
            fairness: Factor::new(waits, weight::FAIRNESS),
        }
    }

    fn explanation(&self) -> String {
        let distance = match self.distance_km {
            Some(km) => format!("{km:.1} km").replace('.', ","),
            None => "jarak tidak diketahui".to_owned(),
        };
        let skill = match self.level {
            0 => "tanpa keahlian ini".to_owned(),
            level => format!("keahlian {level}/5"),
        };
        let performance = match self.done {
            (0, _) => "belum ada riwayat".to_owned(),
            (done, on_time) => format!("{}% tepat waktu", (on_time * 100 + done / 2) / done),
        };
        let workload = format!("{} pekerjaan terbuka", self.open_jobs);
        let fairness = format!("dapat {} dalam 7 hari", self.got);
        [distance, skill, workload, performance, fairness].join(" · ")
    }
}
