//! Start-up time.

use crate::Result;
use crate::driver::Bench;
use crate::measure::median;
use crate::plan::{Database, Part};
use crate::report::{Fact, Results};

/// Measures the time from the start of the process, after a clean stop, to its first successful response,
/// for all sizes.
pub fn measure(bench: &mut Bench, database: Database, results: &mut Results) -> Result {
    for jobs in bench.plan.sizes.clone() {
        let data = bench.data_set(database, jobs)?;
        // The data set may have been filled without the server: then the first start checks it.
        bench.server.start(&data)?.stop()?;
        let mut times = Vec::new();
        for _ in 0..bench.plan.durations.starts {
            let server = bench.server.start(&data)?;
            times.push(server.ready_after.as_secs_f64() * 1e3);
            server.stop()?;
        }
        results.facts.push(Fact {
            part: Part::Start,
            database: Some(database),
            what: "start until ready, after a clean stop".to_owned(),
            jobs: Some(jobs),
            value: Some(median(times)),
            unit: "ms",
        });
    }
    Ok(())
}
