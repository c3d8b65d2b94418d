//! The parts of the benchmark, one module each.

mod cost;
mod dashboard;
mod imports;
mod lists;
mod live;
mod logins;
mod memory;
mod open_model;
mod photos;
mod reads;
mod search;
mod start;
mod writes;

use crate::Result;
use crate::bench::{Bench, RunningServer};
use crate::data::DataSet;
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
        Part::Lists => lists::measure(bench, database, results),
        Part::Dashboard => dashboard::measure(bench, database, results),
        Part::Cost => {
            cost::measure(bench, database, results)?;
            open_model::measure(bench, database, results)
        }
        Part::Photos => photos::measure(bench, database, results),
        Part::Live => live::measure(bench, database, results),
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

impl PathKind {
    /// Builds the paths for each server.
    fn new(
        what: &str,
        servers: &[RunningServer],
        paths: impl Fn(&DataSet) -> Result<Vec<String>>,
    ) -> Result<Self> {
        let paths = servers.iter().map(|running| paths(&running.data)).collect::<Result<_>>()?;
        Ok(Self { what: what.to_owned(), paths })
    }
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
        let measured = measure_interleaved(&bench.plan.durations.for_many_kinds(), &contenders)?;
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
