//! Changes that arrive at many browsers, and all of them connecting again.

use shared::CustomerId;

use crate::bench::{Bench, RunningServer};
use crate::data::samples;
use crate::live_load::{Arrivals, Connected, LiveLoad, LivePlan};
use crate::load::ConnectionScript;
use crate::measure::{Contender, Samples, measure_once, memory};
use crate::plan::{Database, Durations, Part};
use crate::report::{Fact, RateRow, Results};
use crate::{Result, requests};

/// Different jobs that are read while the browsers connect again.
const DISTINCT_JOBS: usize = 200;

/// Measures both numbers of browsers, each on a server of its own.
pub fn measure(bench: &mut Bench, database: Database, results: &mut Results) -> Result {
    for clients in bench.plan.durations.live_clients {
        let running = bench.serve(database, bench.plan.usual())?;
        measure_clients(&bench.plan.durations, &running, clients, results)?;
    }
    Ok(())
}

fn measure_clients(
    durations: &Durations,
    running: &RunningServer,
    clients: usize,
    results: &mut Results,
) -> Result {
    let (database, jobs) = (running.data.database, running.data.jobs);
    let customers = samples::customers(&running.data, durations.live_changes);
    let change = |customer: CustomerId| requests::create(customer, &running.token);
    let mut load = LiveLoad::start(&LivePlan {
        address: running.server.address,
        token: running.token.clone(),
        clients,
        changes: customers.into_iter().map(change).collect(),
        reconnect_within: durations.reconnect,
    })?;
    let Connected { took: connected_after, .. } = load.read()?;
    let process = running.server.process.id();
    let memory = memory::read_process(process).map(|memory| memory.resident);
    load.proceed()?;
    let arrivals: Arrivals = load.read()?;
    results.rates.push(RateRow {
        part: Part::Live,
        database,
        what: "arrival of a change".to_owned(),
        jobs,
        clients,
        server: Samples(vec![arrivals.sample]),
        reference: None,
    });
    load.proceed()?;
    let reads = measure_once(
        &Durations { measure: durations.reconnect, ..durations.clone() },
        &reader(running),
    )?;
    let again: Connected = load.read()?;
    results.rates.push(RateRow {
        part: Part::Live,
        database,
        what: "lists and gets while all browsers connect again".to_owned(),
        jobs,
        clients: 2,
        server: Samples(vec![reads]),
        reference: None,
    });
    let peak = memory::read_peak(process);
    let facts = [
        ("connecting", Some(connected_after), "s"),
        ("memory with", memory, "MB"),
        ("connecting again", Some(again.took), "s"),
        ("memory at most with", peak, "MB"),
    ];
    results.facts.extend(facts.map(|(what, value, unit)| Fact {
        part: Part::Live,
        database: Some(database),
        what: format!("{what} {clients} browsers"),
        jobs: Some(jobs),
        value,
        unit,
    }));
    Ok(())
}

fn reader(running: &RunningServer) -> Contender {
    let gets = samples::jobs(&running.data, DISTINCT_JOBS);
    let gets = gets.into_iter().map(|id| requests::job(id, &running.token)).collect();
    let list = vec![requests::list(&running.token)];
    let lanes = [list, gets].map(|repeated| ConnectionScript { once: Vec::new(), repeated });
    Contender { address: running.server.address, lanes: lanes.to_vec() }
}
