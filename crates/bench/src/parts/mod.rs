//! The parts of the benchmark, one module each.

mod imports;
mod logins;
mod memory;
mod reads;
mod search;
mod start;
mod writes;

use crate::Result;
use crate::driver::{Bench, RunningServer};
use crate::measure::{Contender, measure_interleaved};
use crate::plan::{Database, Part};
use crate::report::{RateRow, Results};
use crate::requests;

/// Measures one part on one database.
///
/// # Errors
/// A server does not start, or a request is refused.
pub fn measure(bench: &mut Bench, part: Part, database: Database, results: &mut Results) -> Result {
    match part {
        Part::Reads => reads::measure(bench, database, results),
        Part::Search => search::measure(bench, database, results),
        Part::Writes => writes::measure(bench, database, results),
        Part::Logins => logins::measure(bench, database, results),
        Part::Import => imports::measure(bench, database, results),
        Part::Start => start::measure(bench, database, results),
        Part::Memory => memory::measure(bench, database, results),
    }
}

/// A kind of request, as paths.
struct PathKind {
    what: String,
    /// The paths for each server, in the order of the servers.
    paths: Vec<Vec<String>>,
}

/// Measures each kind of read on all servers, one server after the other in each round.
fn measure_paths(
    bench: &Bench,
    part: Part,
    servers: &[RunningServer],
    clients: usize,
    kinds: Vec<PathKind>,
    results: &mut Results,
) -> Result {
    for kind in kinds {
        let contenders: Vec<Contender> = servers
            .iter()
            .zip(&kind.paths)
            .map(|(running, paths)| contender(running, paths, clients))
            .collect();
        let measured = measure_interleaved(&bench.plan.durations, &contenders)?;
        for (running, server) in servers.iter().zip(measured) {
            let RunningServer { data, .. } = running;
            results.rates.push(RateRow {
                part,
                database: data.database,
                what: kind.what.clone(),
                jobs: data.jobs,
                clients,
                server,
                reference: None,
            });
        }
    }
    Ok(())
}

fn contender(running: &RunningServer, paths: &[String], clients: usize) -> Contender {
    let requests: Vec<String> =
        paths.iter().map(|path| requests::get(path, &running.token)).collect();
    Contender { address: running.server.address, lanes: requests::distribute(&requests, clients) }
}
