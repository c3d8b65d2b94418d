//! Start-up time, after a clean stop and after a kill.

use crate::Result;
use crate::bench::Bench;
use crate::data::{DataSet, samples};
use crate::measure::{Contender, measure_once, median};
use crate::plan::{CREATORS, Database, Durations, Part};
use crate::report::{Fact, Results};
use crate::requests;

/// Measures the time from the start of the process to its first successful response, for all sizes.
pub fn measure(bench: &mut Bench, database: Database, results: &mut Results) -> Result {
    for jobs in bench.plan.sizes.clone() {
        let data = bench.data_set(database, jobs)?;
        let mut push = |what: &str, value, unit| {
            let (part, what) = (Part::Start, what.to_owned());
            results.facts.push(Fact {
                part,
                database: Some(database),
                what,
                jobs: Some(jobs),
                value,
                unit,
            });
        };
        push("start until ready, after a clean stop", Some(clean_starts(bench, &data)?), "ms");
        let log = kill_during_changes(bench, &data)?;
        if database == Database::Sqlite {
            push("write-ahead log left by a kill", log, "MB");
        }
        let mut server = bench.server.start(&data)?;
        push("start until ready, after a kill", Some(server.ready_after.as_secs_f64() * 1e3), "ms");
        server.stop()?;
    }
    Ok(())
}

/// The median in milliseconds.
fn clean_starts(bench: &Bench, data: &DataSet) -> Result<f64> {
    // An earlier measurement may have killed the server: then the first start checks the whole file.
    bench.server.start(data)?.stop()?;
    let mut times = Vec::new();
    for _ in 0..bench.plan.durations.starts {
        let mut server = bench.server.start(data)?;
        times.push(server.ready_after.as_secs_f64() * 1e3);
        server.stop()?;
    }
    Ok(median(times))
}

/// Creates jobs and kills the server; returns the megabytes of the write-ahead log of SQLite. A reader
/// that does not come to its end keeps the log from being emptied.
fn kill_during_changes(bench: &Bench, data: &DataSet) -> Result<Option<f64>> {
    let mut running = bench.serve_data(data.clone())?;
    let reader = data.store.begin_long_read()?;
    let customers = samples::customers(data, 1_000);
    let creates: Vec<String> =
        customers.into_iter().map(|id| requests::create(id, &running.token)).collect();
    let lanes = requests::distribute(&creates, CREATORS);
    let contender = Contender { address: running.server.address, lanes };
    let measure = bench.plan.durations.before_kill;
    measure_once(&Durations { measure, ..bench.plan.durations.clone() }, &contender)?;
    running.server.kill()?;
    let log = data.store.log_megabytes();
    drop(reader);
    Ok(log)
}
