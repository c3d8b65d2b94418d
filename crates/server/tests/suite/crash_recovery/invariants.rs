//! Invariants that hold in the database and in the chats after the crash test.

use std::collections::HashMap;

use db::Conn;
use diesel::prelude::*;
use services::inventory::ledger;
use services::{Error, audit};
use shared::JobId;
use shared::inventory::MovementKind;
use shared::job::TimelineKind;
use shared::job_state_machine::{JobAction, JobStatus};
use telegram_fake::TestUser;

use super::data::METRES;
use super::workload::Workload;

/// What the database says about the jobs.
struct StoredJobs {
    statuses: Vec<(JobId, JobStatus)>,
    transitions: Vec<(JobId, Option<JobAction>)>,
    /// Used metres by job.
    used: HashMap<JobId, i64>,
    /// Number of photos by job.
    photos: HashMap<JobId, i64>,
}

impl Workload {
    /// Checks the ledger, the audit chain, the jobs and the registrations.
    pub async fn assert_consistent(&self) {
        let (db, config) = self.open();
        let report = db.read(ledger::check).await.unwrap();
        assert!(report.is_sound(), "{:#?}", report.discrepancies);
        let cipher = config.encryption.clone();
        let chain = db.read(move |conn| audit::verify(conn, &cipher)).await.unwrap();
        assert!(chain.fault.is_none(), "{:?}", chain.fault.map(|fault| fault.to_string()));
        let stored = db.read(read_jobs).await.unwrap();
        let completed = stored.statuses.iter().filter(|job| assert_job(&stored, job.0, job.1));
        let thanked = |user: &&TestUser| user.chat().find("selesai. Terima kasih").is_some();
        assert_eq!(
            self.technicians.iter().filter(thanked).count(),
            completed.count(),
            "a technician is thanked for each completed job and for no other"
        );
        let submitted = |user: &&TestUser| user.chat().find("Pendaftaran terkirim").is_some();
        let mut registered: Vec<i64> =
            self.applicants.iter().filter(submitted).map(TestUser::id).collect();
        registered.sort_unstable();
        let pending = db.read(pending_registrations).await.unwrap();
        assert_eq!(pending, registered, "each submitted registration is stored once");
    }
}

/// Checks one job. Returns whether it is completed.
fn assert_job(stored: &StoredJobs, job: JobId, status: JobStatus) -> bool {
    let count = |action: JobAction| {
        stored.transitions.iter().filter(|it| **it == (job, Some(action))).count()
    };
    let completed = status == JobStatus::Completed;
    assert_eq!(count(JobAction::Complete), usize::from(completed), "{job} is completed once");
    assert!(count(JobAction::Claim) + count(JobAction::Accept) <= 1, "{job} is taken once");
    let used = stored.used.get(&job).copied().unwrap_or(0);
    assert_eq!(used, if completed { METRES } else { 0 }, "{job} uses its material once");
    let photos = stored.photos.get(&job).copied().unwrap_or(0);
    assert!(!completed || photos >= 1, "{job} has its photo");
    completed
}

fn pending_registrations(conn: &mut Conn) -> Result<Vec<i64>, Error> {
    use db::schema::technician_registrations::dsl;
    Ok(dsl::technician_registrations.order(dsl::chat_id).select(dsl::chat_id).load(conn)?)
}

fn read_jobs(conn: &mut Conn) -> Result<StoredJobs, Error> {
    use db::schema::{job_timeline, jobs, movements, photos};
    let statuses = jobs::table.select((jobs::id, jobs::status)).load(conn)?;
    let transitions = job_timeline::table
        .filter(job_timeline::kind.eq(TimelineKind::Transition))
        .select((job_timeline::job_id, job_timeline::action))
        .load(conn)?;
    let usages: Vec<(Option<JobId>, i64)> = movements::table
        .filter(movements::kind.eq(MovementKind::Usage))
        .select((movements::job_id, movements::quantity))
        .load(conn)?;
    let photo_jobs: Vec<JobId> = photos::table.select(photos::job_id).load(conn)?;
    let (mut used, mut photos) = (HashMap::new(), HashMap::new());
    for (job, quantity) in usages {
        if let Some(job) = job {
            *used.entry(job).or_default() += quantity;
        }
    }
    for job in photo_jobs {
        *photos.entry(job).or_default() += 1;
    }
    Ok(StoredJobs { statuses, transitions, used, photos })
}
