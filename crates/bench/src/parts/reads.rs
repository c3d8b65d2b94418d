//! The list of jobs and single jobs: the server compared with the reference.

use std::net::SocketAddr;

use crate::bench::{Bench, RunningServer};
use crate::data::samples;
use crate::measure::{Contender, Samples, measure_interleaved};
use crate::plan::{Database, Part, READERS};
use crate::process::Server;
use crate::reference;
use crate::report::{RateRow, Results};
use crate::{Result, http, requests};

/// Different jobs that are read.
const DISTINCT_JOBS: usize = 800;

/// Measures list and get for all sizes.
pub fn measure(bench: &mut Bench, database: Database, results: &mut Results) -> Result {
    let servers = bench.serve_all_sizes(database)?;
    let references: Vec<Server> = servers
        .iter()
        .map(|running| reference::start(&running.data.store))
        .collect::<Result<_>>()?;
    for what in ["list of 20", "get"] {
        let mut contenders = Vec::new();
        for (running, reference) in servers.iter().zip(&references) {
            let requests = requests_for(what, running);
            let pair = [running.server.address, reference.address];
            check_identical_answers(pair, &requests)?;
            let lanes = requests::distribute(&requests, READERS);
            contenders.extend(pair.map(|address| Contender { address, lanes: lanes.clone() }));
        }
        let measured = measure_interleaved(&bench.plan.durations, &contenders)?;
        push_rows(what, &servers, &measured, results);
    }
    Ok(())
}

fn requests_for(what: &str, running: &RunningServer) -> Vec<String> {
    match what {
        "get" => {
            let jobs = samples::jobs(&running.data, DISTINCT_JOBS);
            jobs.into_iter().map(|id| requests::job(id, &running.token)).collect()
        }
        _ => vec![requests::list(&running.token)],
    }
}

/// `measured` has, for each server, its samples and those of its reference.
fn push_rows(what: &str, servers: &[RunningServer], measured: &[Samples], results: &mut Results) {
    for (running, pair) in servers.iter().zip(measured.chunks(2)) {
        let [server, reference] = pair else { continue };
        results.rates.push(RateRow {
            part: Part::Reads,
            database: running.data.database,
            what: what.to_owned(),
            jobs: running.data.jobs,
            clients: READERS,
            server: server.clone(),
            reference: Some(reference.clone()),
        });
    }
}

/// Compares the responses byte by byte, so that both are measured on the same work.
fn check_identical_answers(servers: [SocketAddr; 2], requests: &[String]) -> Result {
    for request in requests.iter().take(50) {
        let [own, reference] = servers.map(|server| http::send(server, request));
        let (own, reference) = (own?, reference?);
        if !own.is_success() || own.body != reference.body {
            let line = request.lines().next().unwrap_or_default();
            let (own, reference) = (own.text(), reference.text());
            return Err(format!("{line} is answered differently:\n{own}\n{reference}"));
        }
    }
    Ok(())
}
