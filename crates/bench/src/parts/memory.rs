//! Memory of the server, and the size of what a browser loads first.

use crate::bench::{Bench, RunningServer};
use crate::data::samples;
use crate::measure::memory::read_process;
use crate::measure::{Contender, measure_once};
use crate::plan::{Database, Part, READERS};
use crate::report::{Fact, Results};
use crate::{Result, requests, spa};

/// Measures the idle server, and the one during and after a mixed load, on the largest data set.
pub fn measure(bench: &mut Bench, database: Database, results: &mut Results) -> Result {
    let jobs = bench.plan.largest();
    let data = bench.data_set(database, jobs)?;
    let mut server = bench.server.start(&data)?;
    std::thread::sleep(bench.plan.durations.idle_wait);
    let mut push = |what: &str, value, unit| {
        let (part, what) = (Part::Memory, what.to_owned());
        results.facts.push(Fact {
            part,
            database: Some(database),
            what,
            jobs: Some(jobs),
            value,
            unit,
        });
    };
    let idle = read_process(server.process.id());
    push("memory, idle", idle.map(|memory| memory.resident), "MB");
    push("of it, proportional set", idle.and_then(|memory| memory.proportional), "MB");
    let first_load = spa::first_load_bytes(server.address)?.map(|bytes| bytes as f64 / 1e3);
    push("browser application, first load", first_load, "KB");
    server.stop()?;
    let running = bench.serve_data(data)?;
    let load = mixed_load(&running);
    let mut rounds = Vec::new();
    // One more, because the first one fills the caches.
    for _ in 0..=bench.plan.durations.rounds {
        measure_once(&bench.plan.durations, &load)?;
        rounds.extend(read_process(running.server.process.id()).map(|memory| memory.resident));
    }
    push("memory after a mixed load", rounds.last().copied(), "MB");
    let growth = rounds.get(1).zip(rounds.last()).map(|(first, last)| last - first);
    push("growth from its second round to its last", growth, "MB");
    Ok(())
}

/// Lists, searches, single jobs, the overview and new jobs.
fn mixed_load(running: &RunningServer) -> Contender {
    let token = &running.token;
    let (jobs, customers) =
        (samples::jobs(&running.data, 400), samples::customers(&running.data, 40));
    let mut all: Vec<String> = jobs.into_iter().map(|id| requests::job(id, token)).collect();
    all.extend(customers.into_iter().map(|id| requests::create(id, token)));
    let paths = [
        "/api/customers?limit=20",
        "/api/audit?limit=20",
        "/api/dashboard",
        "/api/inventory?limit=20",
    ];
    all.extend(paths.iter().cycle().take(100).map(|path| requests::get(path, token)));
    all.extend((0..200).map(|_| requests::list(token)));
    Contender { address: running.server.address, lanes: requests::distribute(&all, READERS) }
}
