//! Processor time of the server per request.

use crate::Result;
use crate::bench::{Bench, RunningServer};
use crate::data::samples;
use crate::load::ConnectionScript;
use crate::measure::processor_time::milliseconds_used;
use crate::measure::{Contender, measure_once, median};
use crate::plan::{CREATORS, Database, Durations, Part, READERS};
use crate::report::{Fact, Results};
use crate::requests;

/// Different jobs that are read, and customers that get a job.
const DISTINCT: usize = 400;

/// Measures a list, a get and a create on the usual data set. On PostgreSQL the time of the database's
/// own processes is not part of it.
pub fn measure(bench: &mut Bench, database: Database, results: &mut Results) -> Result {
    let running = bench.serve(database, bench.plan.usual())?;
    let token = &running.token;
    let jobs = samples::jobs(&running.data, DISTINCT);
    let customers = samples::customers(&running.data, DISTINCT);
    let gets: Vec<String> = jobs.into_iter().map(|id| requests::job(id, token)).collect();
    let creates: Vec<String> =
        customers.into_iter().map(|id| requests::create(id, token)).collect();
    let kinds = [
        ("list of 20", requests::distribute(&[requests::list(token)], READERS)),
        ("get", requests::distribute(&gets, READERS)),
        ("create", requests::distribute(&creates, CREATORS)),
    ];
    for (what, lanes) in kinds {
        // The first one fills the caches.
        cost(&bench.plan.durations, &running, &lanes)?;
        let mut costs = Vec::new();
        for _ in 0..bench.plan.durations.rounds {
            costs.extend(cost(&bench.plan.durations, &running, &lanes)?);
        }
        results.facts.push(Fact {
            part: Part::Cost,
            database: Some(database),
            what: format!("processor time of a {what}"),
            jobs: Some(running.data.jobs),
            value: (!costs.is_empty()).then(|| median(costs)),
            unit: "ms",
        });
    }
    Ok(())
}

/// Milliseconds per request; `None` where the system does not tell.
fn cost(
    durations: &Durations,
    running: &RunningServer,
    lanes: &[ConnectionScript],
) -> Result<Option<f64>> {
    let contender = Contender { address: running.server.address, lanes: lanes.to_vec() };
    // Without a warm-up all the time belongs to counted requests.
    let durations = Durations { warm_up: std::time::Duration::ZERO, ..durations.clone() };
    let process = running.server.process.id();
    let before = milliseconds_used(process);
    let sample = measure_once(&durations, &contender)?;
    let used = milliseconds_used(process).zip(before).map(|(after, before)| after - before);
    Ok(used.map(|used| used / sample.answers.max(1) as f64))
}
