//! Write measurements: the server compared with a bare insert loop on the same disk.

use std::path::Path;

use crate::driver::database;
use crate::driver::progress::log_progress;
use crate::measure::{Contender, Samples, inserts, measure_once};
use crate::plan::{BenchPlan, CREATORS, MOVERS};
use crate::process::Server;
use crate::report::WriteResults;
use crate::{Result, requests};

/// Assigned jobs that each connection processes in one round.
const JOBS_PER_ROUND: usize = 12;
/// Customers that get a new job.
const CUSTOMERS: usize = 6_400;

/// Measures creates and transitions.
///
/// # Errors
/// A request was refused.
pub fn measure(
    folder: &Path,
    plan: &BenchPlan,
    database: &Path,
    server: &Server,
    token: &str,
) -> Result<WriteResults> {
    log_progress("creating jobs");
    let customers = database::sample_customers(database, CUSTOMERS)?;
    let creates: Vec<String> =
        customers.into_iter().map(|customer| requests::create(customer, token)).collect();
    let creator =
        Contender { address: server.address, lanes: requests::distribute(&creates, CREATORS) };
    let (mut bare, mut create) = (Vec::new(), Samples::default());
    for _ in 0..plan.rounds {
        bare.push(inserts::bare_commits_per_second(folder, plan.measure)?);
        create.0.push(measure_once(plan, &creator)?);
    }
    log_progress("moving jobs through their life");
    let mut transition = Samples::default();
    for _ in 0..plan.rounds {
        let jobs = database::assigned_jobs(database, MOVERS * JOBS_PER_ROUND)?;
        let share = jobs.len().div_ceil(MOVERS).max(1);
        let lanes = jobs.chunks(share).map(|jobs| requests::job_transitions(jobs, token)).collect();
        let mover = Contender { address: server.address, lanes };
        transition.0.push(measure_once(plan, &mover)?);
    }
    Ok(WriteResults { bare, create, transition })
}
