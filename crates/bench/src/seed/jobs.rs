//! Seed data: jobs. The newest ones are unfinished, the older ones are done.

use chrono::{DateTime, Datelike, FixedOffset, TimeDelta, Utc};
use rusqlite::{Statement, Transaction, params};
use shared::job::{JobPriority, JobType};
use shared::job_state_machine::JobStatus;

use super::people::Customer;
use super::random::Random;
use super::{JOB_PERIOD, SeedContext, format_time};

/// The newest jobs are unfinished: one in so many.
const UNFINISHED_ONE_IN: u32 = 20;
/// Western Indonesian time; the month in a job's number is the local one.
const LOCAL_HOURS: i32 = 7;

const INSERT_JOB: &str = "INSERT INTO jobs (number, job_type, priority, status, held_status, title,
        description, customer_id, address, latitude, longitude, due_at, sla_used_seconds,
        sla_running_since, on_hold_reason, report, ont_serial_number, attenuation_dbm, created_by,
        completed_at, search_text, version, created_at, updated_at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19,
        ?20, ?21, ?22, ?23, ?24)";
const INSERT_JOB_TECHNICIAN: &str =
    "INSERT INTO job_technicians (job_id, technician_id, lead) VALUES (?1, ?2, ?3)";
const INSERT_TIMELINE_ENTRY: &str =
    "INSERT INTO job_timeline (job_id, kind, actor_id, actor_name, at)
    VALUES (?1, 'created', ?2, 'bench', ?3)";

struct Statements<'tx> {
    job: Statement<'tx>,
    crew: Statement<'tx>,
    created: Statement<'tx>,
}

/// Inserts the jobs, oldest first.
pub fn insert(
    tx: &Transaction<'_>,
    world: &mut SeedContext,
    count: u32,
    customers: &[Customer],
    technicians: &[i64],
) -> rusqlite::Result<()> {
    let mut statements = Statements {
        job: tx.prepare(INSERT_JOB)?,
        crew: tx.prepare(INSERT_JOB_TECHNICIAN)?,
        created: tx.prepare(INSERT_TIMELINE_ENTRY)?,
    };
    let step = JOB_PERIOD / i32::try_from(count.max(1)).unwrap_or(i32::MAX);
    for index in 0..count {
        let left = i32::try_from(count - 1 - index).unwrap_or_default();
        let at = world.now - step * left + TimeDelta::microseconds(i64::from(index % 1_000));
        let customer = &customers[world.random.below(customers.len() as u64) as usize];
        let status = random_status(&mut world.random, index + count / UNFINISHED_ONE_IN >= count);
        let id = insert_job(tx, &mut statements.job, world, customer, status, at)?;
        statements.created.execute((id, world.admin, format_time(at)))?;
        if !matches!(status, JobStatus::Open | JobStatus::Cancelled) {
            insert_technicians(&mut statements.crew, &mut world.random, id, technicians)?;
        }
    }
    Ok(())
}

fn random_status(random: &mut Random, under_way: bool) -> JobStatus {
    use JobStatus::{
        Accepted, Assigned, Cancelled, Closed, Completed, EnRoute, InProgress, OnHold, Open,
    };
    let now = [Open, Open, Assigned, Assigned, Assigned, Accepted, EnRoute, InProgress, OnHold];
    let then = [Closed, Closed, Closed, Closed, Closed, Closed, Closed, Completed, Cancelled];
    *random.pick(if under_way { &now } else { &then })
}

fn insert_job(
    tx: &Transaction<'_>,
    statement: &mut Statement<'_>,
    world: &mut SeedContext,
    customer: &Customer,
    status: JobStatus,
    at: DateTime<Utc>,
) -> rusqlite::Result<i64> {
    let job_type = *world.random.pick(JobType::ALL);
    let (hours, title) = match job_type {
        JobType::Installation => (72, format!("Pemasangan baru – {}", customer.name)),
        JobType::Repair => (24, format!("Perbaikan – {}", customer.name)),
    };
    let series = number_series(job_type, at);
    let number = format!("{series}-{:04}", world.next_number(&series));
    let on_hold = status == JobStatus::OnHold;
    let finished = matches!(status, JobStatus::Completed | JobStatus::Closed);
    let running = status.is_unfinished() && !on_hold;
    let ended = at + TimeDelta::minutes(60 + world.random.below(1_000) as i64);
    let search = [&number, &title, &customer.number, &customer.name, &customer.phone]
        .map(String::as_str)
        .join(" ");
    let search = format!("{search} {}", customer.address).to_lowercase();
    let serial = format!("ZTEG{:08X}", world.random.below(1 << 32));
    statement.execute(params![
        number,
        job_type.as_str(),
        world.random.pick(JobPriority::ALL).as_str(),
        status.as_str(),
        on_hold.then_some(JobStatus::InProgress.as_str()),
        title,
        (job_type == JobType::Repair).then_some("Lampu LOS merah sejak pagi"),
        customer.id,
        customer.address,
        customer.place.0,
        customer.place.1,
        format_time(at + TimeDelta::hours(hours)),
        if running { 0 } else { (ended - at).num_seconds() },
        running.then(|| format_time(at)),
        on_hold.then_some("Pelanggan tidak di rumah"),
        finished.then_some("Kabel diganti, redaman normal, pelanggan sudah mencoba"),
        (finished && job_type == JobType::Installation).then_some(serial),
        finished.then(|| (world.random.between(-26.0, -17.0) * 10.0).round() / 10.0),
        world.admin,
        finished.then(|| format_time(ended)),
        search,
        i64::from(!matches!(status, JobStatus::Open)) + 1,
        format_time(at),
        format_time(at),
    ])?;
    Ok(tx.last_insert_rowid())
}

fn number_series(job_type: JobType, at: DateTime<Utc>) -> String {
    let local = FixedOffset::east_opt(LOCAL_HOURS * 3_600).map(|zone| at.with_timezone(&zone));
    let (year, month) = local.map_or((at.year(), at.month()), |at| (at.year(), at.month()));
    format!("{}-{year:04}{month:02}", job_type.number_prefix())
}

/// Every fourth job has a second technician.
fn insert_technicians(
    statement: &mut Statement<'_>,
    random: &mut Random,
    job: i64,
    technicians: &[i64],
) -> rusqlite::Result<()> {
    let first = random.below(technicians.len() as u64) as usize;
    statement.execute((job, technicians[first], true))?;
    if random.below(4) == 0 {
        let second = technicians[(first + 1) % technicians.len()];
        statement.execute((job, second, false))?;
    }
    Ok(())
}
