//! Start-up time measurement.

use std::path::Path;

use crate::Result;
use crate::driver::progress::log_progress;
use crate::measure::median;
use crate::plan::BenchPlan;
use crate::server_under_test::ServerUnderTest;

/// Returns the milliseconds from the start of the process on an existing database, after a clean
/// stop, to its first successful response.
///
/// # Errors
/// The server does not start.
pub fn startup_milliseconds(
    server_under_test: &ServerUnderTest,
    database: &Path,
    plan: &BenchPlan,
) -> Result<f64> {
    log_progress("starting the server several times");
    let mut times = Vec::new();
    // The database was filled without the server, so the first start checks it.
    server_under_test.start(database)?.stop()?;
    for _ in 0..plan.starts {
        let server = server_under_test.start(database)?;
        times.push(server.ready_after.as_secs_f64() * 1e3);
        server.stop()?;
    }
    Ok(median(times))
}
