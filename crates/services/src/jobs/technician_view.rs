//! Jobs as technicians see them: offers, own jobs and allowed actions.

use std::cmp::Ordering;

use chrono::{DateTime, TimeDelta, Utc};
use db::Conn;
use db::tables::jobs::{self as table, JobFilter, JobRow};
use db::tables::{job_technicians, job_timeline};
use shared::job::{Job, JobPriority, JobSort, JobType};
use shared::job_state_machine::{JobAction, JobStatus, possible_actions};
use shared::{Coordinates, ErrorCode, JobId, Permission, TechnicianId};

use crate::error::{Error, Result};
use crate::jobs::DUE_SOON_WINDOW;
use crate::jobs::loading::LoadedJob;
use crate::{Actor, technicians};

/// Maximum jobs sorted at once.
const MAX_JOBS: i64 = 200;
/// Jobs due within this time are more urgent than later ones.
const DUE_TODAY_WINDOW: TimeDelta = TimeDelta::hours(24);

/// A job as shown to technicians who may claim it: with its area, but without customer and house.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    pub id: JobId,
    pub number: String,
    pub job_type: JobType,
    pub priority: JobPriority,
    pub status: JobStatus,
    /// The address without street and house number.
    pub area: String,
    pub due_at: DateTime<Utc>,
    pub scheduled_start: Option<DateTime<Utc>>,
    pub scheduled_end: Option<DateTime<Utc>>,
    /// Straight-line distance from the technician's last known location or base.
    pub distance_km: Option<f64>,
    /// Name of the lead, once the job is assigned.
    pub lead: Option<String>,
}

impl Offer {
    fn new(row: JobRow, from: Option<Coordinates>, lead: Option<String>) -> Self {
        Self {
            distance_km: distance_km(from, row.latitude, row.longitude),
            area: area_of_address(&row.address),
            id: row.id,
            number: row.number,
            job_type: row.job_type,
            priority: row.priority,
            status: row.status,
            due_at: row.due_at.and_utc(),
            scheduled_start: row.scheduled_start.map(|time| time.and_utc()),
            scheduled_end: row.scheduled_end.map(|time| time.and_utc()),
            lead,
        }
    }
}

/// Distance of a job from a location in kilometres; `None` if either is unknown.
pub fn distance_km(
    from: Option<Coordinates>,
    latitude: Option<f64>,
    longitude: Option<f64>,
) -> Option<f64> {
    let (latitude, longitude) = latitude.zip(longitude)?;
    from?.distance_km(Coordinates::new(latitude, longitude)?).into()
}

/// The part of an address after the street. If there is only a street, the street without house
/// number.
pub fn area_of_address(address: &str) -> String {
    match address.split_once(',') {
        Some((_, rest)) if !rest.trim().is_empty() => rest.trim().to_owned(),
        _ => {
            let is_house = |word: &&str| {
                word.chars().any(|c| c.is_ascii_digit()) || word.to_lowercase().starts_with("no")
            };
            let street: Vec<&str> =
                address.split_whitespace().take_while(|word| !is_house(word)).collect();
            street.join(" ").trim_end_matches(',').to_owned()
        }
    }
}

/// Returns a job as an offer, whoever has it now.
///
/// # Errors
/// `NotFound`; `Forbidden` if the actor is not a technician.
pub fn offer(conn: &mut Conn, actor: &Actor, now: DateTime<Utc>, id: JobId) -> Result<Offer> {
    let from = technicians::likely_location(conn, require_technician(actor)?, now)?;
    let job = LoadedJob::find(conn, id)?;
    let lead = job.lead().map(|lead| lead.name.clone());
    Ok(Offer::new(job.row, from, lead))
}

/// Lists open jobs by urgency ([`Urgency`]), then by distance (unknown last), then by due time.
///
/// # Errors
/// `Forbidden` if the actor is not a technician.
pub fn offers(conn: &mut Conn, actor: &Actor, now: DateTime<Utc>) -> Result<Vec<Offer>> {
    let from = technicians::likely_location(conn, require_technician(actor)?, now)?;
    let filter = JobFilter { statuses: vec![JobStatus::Open], ..JobFilter::default() };
    let rows = table::list(conn, &filter, JobSort::DueFirst, None, MAX_JOBS)?;
    let mut offers: Vec<Offer> =
        rows.into_iter().map(|job| Offer::new(job.row, from, None)).collect();
    let far = |offer: &Offer| offer.distance_km.unwrap_or(f64::INFINITY);
    let urgency = |offer: &Offer| Urgency::new(offer.priority, offer.due_at, now);
    offers.sort_by(|a, b| {
        urgency(a)
            .cmp(&urgency(b))
            .then(far(a).total_cmp(&far(b)))
            .then(a.due_at.cmp(&b.due_at))
            .then(a.id.cmp(&b.id))
    });
    Ok(offers)
}

/// Lists the acting technician's unfinished jobs by urgency ([`Urgency`]), then by due time; jobs
/// on hold come last.
///
/// # Errors
/// `Forbidden` if the actor is not a technician.
pub fn own_jobs(conn: &mut Conn, actor: &Actor, now: DateTime<Utc>) -> Result<Vec<Job>> {
    let unfinished = JobStatus::ALL.iter().copied().filter(|status| status.is_unfinished());
    let filter = JobFilter {
        statuses: unfinished.collect(),
        technician: Some(require_technician(actor)?),
        ..JobFilter::default()
    };
    let rows = table::list(conn, &filter, JobSort::DueFirst, None, MAX_JOBS)?;
    let mut jobs: Vec<Job> =
        rows.into_iter().map(|job| LoadedJob::from(job).view_for(actor)).collect();
    jobs.sort_by(|a, b| compare_urgency(a, b, now));
    Ok(jobs)
}

fn compare_urgency(a: &Job, b: &Job, now: DateTime<Utc>) -> Ordering {
    let waits = |job: &Job| job.status == JobStatus::OnHold;
    let urgency = |job: &Job| Urgency::new(job.priority, job.due_at, now);
    waits(a)
        .cmp(&waits(b))
        .then(urgency(a).cmp(&urgency(b)))
        .then(a.due_at.cmp(&b.due_at))
        .then(a.id.cmp(&b.id))
}

/// The actions that the actor can take on a job.
///
/// # Errors
/// `NotFound`.
pub fn allowed_actions(conn: &mut Conn, actor: &Actor, id: JobId) -> Result<Vec<JobAction>> {
    let job = LoadedJob::find(conn, id)?;
    Ok(possible_actions(job.row.status, actor.job_caller(&job.assignee_ids())))
}

/// The actions that the actor can take on a job that is already loaded.
pub fn allowed_actions_for(actor: &Actor, job: &Job) -> Vec<JobAction> {
    let crew: Vec<TechnicianId> =
        job.technicians.iter().map(|technician| technician.technician_id).collect();
    possible_actions(job.status, actor.job_caller(&crew))
}

/// Whether the actor is assigned to the job.
pub fn is_assigned(conn: &mut Conn, actor: &Actor, id: JobId) -> Result<bool> {
    let crew = job_technicians::for_job(conn, id)?;
    Ok(crew.iter().any(|member| Some(member.technician_id) == actor.technician_id))
}

/// Whether the actor has declined the job at some time.
pub fn has_declined(conn: &mut Conn, actor: &Actor, id: JobId) -> Result<bool> {
    let timeline = job_timeline::for_job(conn, id)?;
    Ok(timeline.iter().any(|entry| {
        entry.action == Some(JobAction::Decline) && entry.actor_id == Some(actor.user_id)
    }))
}

/// The reason for the cancellation of a job.
pub fn cancel_reason(conn: &mut Conn, id: JobId) -> Result<Option<String>> {
    let timeline = job_timeline::for_job(conn, id)?;
    let last = timeline.into_iter().rev().find(|entry| entry.action == Some(JobAction::Cancel));
    Ok(last.and_then(|entry| entry.reason))
}

fn require_technician(actor: &Actor) -> Result<TechnicianId> {
    actor.scope(Permission::JobsWork)?;
    actor.technician_id.ok_or_else(|| Error::refuse(ErrorCode::Forbidden))
}

/// Urgency of an unfinished job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// The due time has passed.
    Late,
    /// Urgent, or due within four hours.
    Now,
    /// Of high priority, or due within a day.
    Soon,
    Later,
}

impl Urgency {
    /// Urgency of a job with this priority and due time.
    pub fn new(priority: JobPriority, due_at: DateTime<Utc>, now: DateTime<Utc>) -> Self {
        if due_at <= now {
            Urgency::Late
        } else if priority == JobPriority::Urgent || due_at <= now + DUE_SOON_WINDOW {
            Urgency::Now
        } else if priority == JobPriority::High || due_at <= now + DUE_TODAY_WINDOW {
            Urgency::Soon
        } else {
            Urgency::Later
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_area_does_not_reveal_the_house() {
        let area_of = |address| area_of_address(address);
        assert_eq!(area_of("Jl. Kaliurang KM 9 No. 12, Ngaglik, Sleman"), "Ngaglik, Sleman");
        assert_eq!(area_of("Jl. Mawar 12"), "Jl. Mawar");
        assert_eq!(area_of("Jl. Gatot Subroto No. 4 RT 01"), "Jl. Gatot Subroto");
        assert_eq!(area_of("Dusun Krajan"), "Dusun Krajan");
        assert_eq!(area_of("12"), "");
    }

    #[test]
    fn late_comes_before_urgent_and_urgent_before_the_rest() {
        let now = DateTime::UNIX_EPOCH;
        let of = |priority, hours| Urgency::new(priority, now + TimeDelta::hours(hours), now);
        assert_eq!(of(JobPriority::Low, 0), Urgency::Late);
        assert_eq!(of(JobPriority::Urgent, 90), Urgency::Now);
        assert_eq!(of(JobPriority::Low, 4), Urgency::Now);
        assert_eq!(of(JobPriority::High, 90), Urgency::Soon);
        assert_eq!(of(JobPriority::Normal, 24), Urgency::Soon);
        assert_eq!(of(JobPriority::Normal, 25), Urgency::Later);
        assert!(Urgency::Late < Urgency::Now && Urgency::Soon < Urgency::Later);
    }
}
