//! The demo timeline: what happens when, computed before anything is written.

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use rand::Rng;
use rand::rngs::StdRng;
use shared::customer::CustomerInput;
use shared::job::{JobPriority, JobType};
use shared::job_state_machine::JobAction;
use shared::photo::PhotoKind;

use super::active_jobs::{ACTIVE_JOBS, ActiveJob, Stage};
use super::people::{CUSTOMERS, NEW_CUSTOMERS};
use super::staff;
use super::warehouse::DELIVERIES;

/// Days that the demo covers.
const HISTORY_DAYS: i64 = 60;
/// Repairs completed in the past.
const PAST_REPAIRS: usize = 230;

/// One event. Numbers are indices into [`Timeline::people`] and [`Timeline::jobs`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DemoStep {
    Delivery(usize),
    /// A technician receives tools.
    IssueTools(usize),
    /// A technician restocks the bag.
    Refill(usize),
    /// Splitters for a new distribution point are issued, so that stock runs low.
    IssueSplitters,
    CreateCustomer(usize),
    CreateJob(usize),
    Assign(usize),
    /// Assigned to a technician who declines.
    AssignToDecliner(usize),
    Decline(usize),
    Transition(usize, JobAction),
    Photo(usize, PhotoKind),
    Complete(usize),
    Verify(usize),
}

/// A planned job.
#[derive(Debug, Clone)]
pub struct JobPlan {
    pub customer: usize,
    pub job_type: JobType,
    pub priority: JobPriority,
    /// Index of the technician.
    pub technician: usize,
    /// Selects the fault and its texts.
    pub fault: usize,
    pub attenuation_dbm: f64,
    pub cable_metres: i64,
    /// When the work starts, if it has started.
    pub started: Option<DateTime<Utc>>,
}

/// All events in order.
#[derive(Debug)]
pub struct Timeline {
    pub people: Vec<CustomerInput>,
    pub jobs: Vec<JobPlan>,
    pub steps: Vec<(DateTime<Utc>, DemoStep)>,
    /// Start time, before all events.
    pub begin: DateTime<Utc>,
}

impl Timeline {
    /// The photos in the order in which they are taken.
    pub fn photos(&self) -> impl Iterator<Item = (DateTime<Utc>, usize, PhotoKind)> {
        self.steps.iter().filter_map(|(at, step)| match step {
            DemoStep::Photo(job, kind) => Some((*at, *job, *kind)),
            _ => None,
        })
    }
}

use JobPriority::{High, Low, Normal, Urgent};
use JobType::{Dismantle, Installation, Repair};

struct TimelineBuilder<'a> {
    rng: &'a mut StdRng,
    now: DateTime<Utc>,
    next_customer: usize,
    jobs: Vec<JobPlan>,
    steps: Vec<(DateTime<Utc>, DemoStep)>,
}

/// Builds the timeline.
pub fn build(rng: &mut StdRng, now: DateTime<Utc>, people: Vec<CustomerInput>) -> Timeline {
    let begin = now - TimeDelta::days(HISTORY_DAYS + 200);
    let first_new = CUSTOMERS - NEW_CUSTOMERS;
    let mut writer =
        TimelineBuilder { rng, now, next_customer: first_new, jobs: Vec::new(), steps: Vec::new() };
    for customer in 0..first_new {
        let at = begin + writer.minutes(60, 199 * 1_440);
        writer.steps.push((at, DemoStep::CreateCustomer(customer)));
    }
    writer.warehouse();
    let of_today = ACTIVE_JOBS.iter().filter(|(job_type, ..)| *job_type == Installation).count();
    for _ in 0..NEW_CUSTOMERS - of_today {
        writer.past_job(Installation);
    }
    for _ in 0..PAST_REPAIRS {
        writer.past_job(Repair);
    }
    for (index, today) in ACTIVE_JOBS.into_iter().enumerate() {
        writer.active_job(index, today);
    }
    let TimelineBuilder { jobs, mut steps, .. } = writer;
    // A stable sort: events at the same time keep their order.
    steps.sort_by_key(|(at, _)| *at);
    Timeline { people, jobs, steps, begin }
}

impl TimelineBuilder<'_> {
    fn minutes(&mut self, from: i64, to: i64) -> TimeDelta {
        TimeDelta::seconds(self.rng.random_range(from * 60..to * 60))
    }

    fn warehouse(&mut self) {
        let start = self.now - TimeDelta::days(HISTORY_DAYS);
        for delivery in 0..DELIVERIES {
            let day = TimeDelta::days(delivery as i64 * 22 - 1);
            self.steps.push((start + day, DemoStep::Delivery(delivery)));
        }
        for technician in 0..staff::TECHNICIAN_COUNT {
            self.steps.push((start - TimeDelta::hours(20), DemoStep::IssueTools(technician)));
            let day = TimeDelta::days(technician as i64 * 4 + 3);
            self.steps.push((start + day, DemoStep::Refill(technician)));
        }
        self.steps.push((self.now - TimeDelta::hours(29), DemoStep::IssueSplitters));
    }

    fn plan(&mut self, job_type: JobType, priority: JobPriority, technician: usize) -> usize {
        let customer = match job_type {
            Installation => {
                self.next_customer += 1;
                self.next_customer - 1
            }
            Repair | Dismantle => self.rng.random_range(0..CUSTOMERS - NEW_CUSTOMERS),
        };
        let attenuation = self.rng.random_range(-243..-172);
        let job = JobPlan {
            customer,
            job_type,
            priority,
            technician,
            fault: self.rng.random_range(0..1_000),
            attenuation_dbm: f64::from(attenuation) / 10.0,
            cable_metres: self.rng.random_range(35..76),
            started: None,
        };
        self.jobs.push(job);
        self.jobs.len() - 1
    }

    /// Creates a job; for an installation its customer is created first.
    fn create_job(&mut self, job: usize, at: DateTime<Utc>) {
        if self.jobs[job].job_type == Installation {
            let customer = self.jobs[job].customer;
            self.steps.push((at - TimeDelta::minutes(4), DemoStep::CreateCustomer(customer)));
        }
        self.steps.push((at, DemoStep::CreateJob(job)));
    }

    fn past_job(&mut self, job_type: JobType) {
        let technician = self.rng.random_range(0..staff::TECHNICIAN_COUNT);
        let priority = match self.rng.random_range(0..10) {
            0 => High,
            1 if job_type == Repair => Urgent,
            2 => Low,
            _ => Normal,
        };
        let job = self.plan(job_type, priority, technician);
        let late = self.rng.random_bool(0.08);
        // Some jobs happen yesterday, to make it a busy day.
        let yesterday = !late && self.rng.random_bool(0.04);
        let first = if late { 5 } else { 1 };
        let day = if yesterday { 1 } else { self.rng.random_range(first..HISTORY_DAYS) };
        let day = TimeDelta::days(day);
        let midnight = (self.now - day).duration_trunc(TimeDelta::days(1)).unwrap_or(self.now);
        // 07:00 to 17:00 local time.
        let mut at = midnight + self.minutes(0, 600);
        self.create_job(job, at);
        if self.rng.random_bool(0.06) {
            at += self.minutes(10, 300);
            return self.steps.push((at, DemoStep::Transition(job, JobAction::Cancel)));
        }
        if self.rng.random_bool(0.05) {
            at += self.minutes(5, 30);
            self.steps.push((at, DemoStep::AssignToDecliner(job)));
            at += self.minutes(3, 15);
            self.steps.push((at, DemoStep::Decline(job)));
        }
        if late {
            at += self.minutes(1_500, 2_400);
        }
        if self.rng.random_bool(0.4) {
            at += self.minutes(3, 40);
            self.steps.push((at, DemoStep::Transition(job, JobAction::Claim)));
        } else {
            at += self.minutes(5, 50);
            self.steps.push((at, DemoStep::Assign(job)));
            at += self.minutes(3, 25);
            self.steps.push((at, DemoStep::Transition(job, JobAction::Accept)));
        }
        at += self.minutes(10, 150);
        self.steps.push((at, DemoStep::Transition(job, JobAction::Depart)));
        at += self.minutes(10, 35);
        self.steps.push((at, DemoStep::Transition(job, JobAction::Start)));
        self.jobs[job].started = Some(at);
        if self.rng.random_bool(0.1) {
            at += self.minutes(15, 40);
            self.steps.push((at, DemoStep::Transition(job, JobAction::Hold)));
            at += self.minutes(60, 300);
            self.steps.push((at, DemoStep::Transition(job, JobAction::Resume)));
        }
        at = self.complete(job, at);
        at += self.minutes(60, 900);
        if at < self.now {
            self.steps.push((at, DemoStep::Verify(job)));
        }
    }

    /// Adds photos and the completion.
    fn complete(&mut self, job: usize, mut at: DateTime<Utc>) -> DateTime<Utc> {
        let kinds: &[PhotoKind] = match self.jobs[job].job_type {
            Installation => &[PhotoKind::Device, PhotoKind::Attenuation],
            Repair | Dismantle => &[PhotoKind::After],
        };
        at += self.minutes(25, 80);
        for &kind in kinds {
            at += TimeDelta::seconds(self.rng.random_range(40..200));
            self.steps.push((at, DemoStep::Photo(job, kind)));
        }
        at += self.minutes(2, 8);
        self.steps.push((at, DemoStep::Complete(job)));
        at
    }

    fn active_job(&mut self, index: usize, (job_type, priority, age, stage): ActiveJob) {
        // One technician after the other, so that nobody is on the way to two places at once.
        let job = self.plan(job_type, priority, index % staff::TECHNICIAN_COUNT);
        let begin = self.now - TimeDelta::minutes(age);
        self.create_job(job, begin);
        let act = |action| DemoStep::Transition(job, action);
        let way = [
            (Stage::Assigned, DemoStep::Assign(job)),
            (Stage::Accepted, act(JobAction::Accept)),
            (Stage::EnRoute, act(JobAction::Depart)),
            (Stage::InProgress, act(JobAction::Start)),
        ];
        let reached = |of: Stage| match stage {
            Stage::Open => false,
            Stage::Assigned => of == Stage::Assigned,
            Stage::Accepted => matches!(of, Stage::Assigned | Stage::Accepted),
            Stage::EnRoute => of != Stage::InProgress,
            Stage::InProgress | Stage::OnHold | Stage::Completed => true,
        };
        let mut at = begin;
        // The last hours of a long job are the work itself.
        let last = if stage == Stage::Completed { age - 150 } else { age * 9 / 10 };
        let done: Vec<DemoStep> =
            way.into_iter().filter(|(of, _)| reached(*of)).map(|(_, step)| step).collect();
        for step in &done {
            at += TimeDelta::seconds(last.max(20) * 60 / (done.len() as i64 + 1));
            self.steps.push((at, *step));
            if *step == act(JobAction::Start) {
                self.jobs[job].started = Some(at);
            }
        }
        match stage {
            Stage::OnHold => {
                at += TimeDelta::minutes(20);
                self.steps.push((at, act(JobAction::Hold)));
            }
            Stage::Completed => {
                self.complete(job, at);
            }
            _ => {}
        }
    }
}
