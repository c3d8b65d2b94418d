//! Writing: the server beside a bare loop on the same disk.

use std::path::Path;

use crate::driver::{database, note};
use crate::measure::{Contender, Measured, inserts, once};
use crate::plan::{CREATORS, MOVERS, Plan};
use crate::process::Server;
use crate::report::Writes;
use crate::{Result, requests};

/// Assigned jobs that each connection works off in one round.
const JOBS_PER_ROUND: usize = 12;
/// Customers that get a new job.
const CUSTOMERS: usize = 6_400;

/// Measures creates and transitions.
///
/// # Errors
/// A request was refused.
pub fn measure(
    folder: &Path,
    plan: &Plan,
    database: &Path,
    server: &Server,
    token: &str,
) -> Result<Writes> {
    note("creating jobs");
    let customers = database::some_customers(database, CUSTOMERS)?;
    let creates: Vec<String> =
        customers.into_iter().map(|customer| requests::create(customer, token)).collect();
    let creator = Contender { address: server.address, lanes: requests::deal(&creates, CREATORS) };
    let (mut bare, mut create) = (Vec::new(), Measured::default());
    for _ in 0..plan.rounds {
        bare.push(inserts::bare_loop(folder, plan.measure)?);
        create.0.push(once(plan, &creator)?);
    }
    note("moving jobs through their life");
    let mut transition = Measured::default();
    for _ in 0..plan.rounds {
        let jobs = database::assigned_jobs(database, MOVERS * JOBS_PER_ROUND)?;
        let share = jobs.len().div_ceil(MOVERS).max(1);
        let lanes = jobs.chunks(share).map(|jobs| requests::working_day(jobs, token)).collect();
        let mover = Contender { address: server.address, lanes };
        transition.0.push(once(plan, &mover)?);
    }
    Ok(Writes { bare, create, transition })
}
