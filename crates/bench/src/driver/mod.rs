//! The driver: one benchmark run, from the empty folder to the tables.

mod database;
mod imports;
mod login_load;
mod progress;
mod reads;
mod starts;
mod writes;

use std::path::Path;

use self::progress::log_progress;
use crate::machine::Machine;
use crate::plan::{BenchPlan, LARGE_JOBS, SMALL_JOBS};
use crate::report::{self, BenchResults};
use crate::server_under_test::ServerUnderTest;
use crate::{Result, seed, server_under_test};

/// Measures this binary, prints the tables and optionally writes them into a document.
///
/// # Errors
/// The binary can not be measured.
pub fn run(binary: &Path, plan: &BenchPlan, document: Option<&Path>) -> Result {
    let binary = binary
        .canonicalize()
        .map_err(|error| format!("--server-bin {}: {error}", binary.display()))?;
    // Beside the binary, because the system's temporary folder may be in memory, where syncing costs
    // nothing.
    let beside = binary.parent().unwrap_or(Path::new("."));
    let folder = tempfile::Builder::new()
        .prefix("bench-")
        .tempdir_in(beside)
        .map_err(|error| format!("{}: {error}", beside.display()))?;
    let server_under_test = ServerUnderTest { binary, folder: folder.path().to_owned() };
    let results = measure(&server_under_test, plan)?;
    println!("{}", report::to_markdown(&results));
    document.map_or(Ok(()), |file| report::write(file, &results))
}

fn measure(server_under_test: &ServerUnderTest, plan: &BenchPlan) -> Result<BenchResults> {
    let folder = &server_under_test.folder;
    let machine = Machine::detect(folder)?;
    let (small, large) = (folder.join("small.db"), folder.join("large.db"));
    log_progress("filling two databases");
    drop(server_under_test.start(&small)?);
    database::checkpoint(&small)?;
    crate::process::copy_database(&small, &large)?;
    seed::seed_database(&small, SMALL_JOBS)?;
    let filled = seed::seed_database(&large, LARGE_JOBS)?;
    log_progress(&format!("{LARGE_JOBS} jobs were written in {:.1} s", filled.as_secs_f64()));

    let start = starts::startup_milliseconds(server_under_test, &large, plan)?;
    let server = server_under_test.start(&large)?;
    std::thread::sleep(plan.idle_wait);
    let idle = crate::measure::memory::read_process(server.process.id());
    let spa = crate::spa::first_load_bytes(server.address)?;
    let token = server_under_test::sign_in(server.address)?;
    let reads = reads::measure(server_under_test, plan, (&small, &large), &server, &token)?;
    let writes = writes::measure(folder, plan, &large, &server, &token)?;
    let busy = crate::measure::memory::read_process(server.process.id());
    // Only one server may use the database.
    drop(server);
    let login_load = login_load::measure(server_under_test, plan, &large)?;
    let import = imports::measure(server_under_test, plan)?;
    Ok(BenchResults {
        quick: plan.quick,
        machine,
        start,
        idle,
        busy,
        spa,
        reads,
        writes,
        login_load,
        import,
    })
}
