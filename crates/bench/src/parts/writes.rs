//! New jobs and transitions, and a bare insert loop on the same disk.

use crate::bench::{Bench, RunningServer};
use crate::data::samples;
use crate::measure::{Contender, Samples, inserts, measure_once};
use crate::plan::{CREATORS, Database, MOVERS, Part};
use crate::report::{Fact, RateRow, Results};
use crate::{Result, requests};

/// Assigned jobs that each connection processes in one round.
const JOBS_PER_ROUND: usize = 12;
/// Customers that get a new job.
const CUSTOMERS: usize = 6_400;

/// Measures creates and transitions for all sizes.
pub fn measure(bench: &mut Bench, database: Database, results: &mut Results) -> Result {
    let servers = bench.serve_all_sizes(database)?;
    let durations = bench.plan.durations.clone();
    let (mut creates, mut transitions) = (servers_samples(&servers), servers_samples(&servers));
    let mut bare = Vec::new();
    for _ in 0..durations.rounds {
        if let Some(first) = servers.first() {
            let folder = &bench.server.folder;
            bare.push(inserts::bare_commits_per_second(
                folder,
                &first.data.store,
                durations.measure,
            )?);
        }
        for (running, samples) in servers.iter().zip(&mut creates) {
            samples.0.push(measure_once(&durations, &creator(running))?);
        }
        for (running, samples) in servers.iter().zip(&mut transitions) {
            samples.0.push(measure_once(&durations, &mover(running)?)?);
        }
    }
    push_rows("create", CREATORS, &servers, creates, results);
    push_rows("transition", MOVERS, &servers, transitions, results);
    results.facts.push(Fact {
        part: Part::Writes,
        database: Some(database),
        what: "bare insert loop, one client".to_owned(),
        jobs: None,
        value: Some(crate::measure::median(bare)),
        unit: "commits/s",
    });
    Ok(())
}

fn servers_samples(servers: &[RunningServer]) -> Vec<Samples> {
    vec![Samples::default(); servers.len()]
}

fn creator(running: &RunningServer) -> Contender {
    let customers = samples::customers(&running.data, CUSTOMERS);
    let creates: Vec<String> =
        customers.into_iter().map(|customer| requests::create(customer, &running.token)).collect();
    Contender { address: running.server.address, lanes: requests::distribute(&creates, CREATORS) }
}

fn mover(running: &RunningServer) -> Result<Contender> {
    let jobs = samples::assigned_jobs(&running.data, MOVERS * JOBS_PER_ROUND)?;
    let share = jobs.len().div_ceil(MOVERS).max(1);
    let lanes =
        jobs.chunks(share).map(|jobs| requests::job_transitions(jobs, &running.token)).collect();
    Ok(Contender { address: running.server.address, lanes })
}

fn push_rows(
    what: &str,
    clients: usize,
    servers: &[RunningServer],
    measured: Vec<Samples>,
    results: &mut Results,
) {
    for (running, server) in servers.iter().zip(measured) {
        results.rates.push(RateRow {
            part: Part::Writes,
            database: running.data.database,
            what: what.to_owned(),
            jobs: running.data.jobs,
            clients,
            server,
            reference: None,
        });
    }
}
