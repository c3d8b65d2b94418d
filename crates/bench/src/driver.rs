//! The driver: one benchmark run, from the data sets to the tables.

use std::path::{Path, PathBuf};

use crate::Result;
use crate::bench::Bench;
use crate::data_folder::DataFolder;
use crate::machine::Machine;
use crate::parts;
use crate::plan::BenchPlan;
use crate::progress::log_progress;
use crate::report::{self, Results};
use crate::server_under_test::ServerUnderTest;

/// Name of the folder of data sets, beside that of the binary.
const DATA_FOLDER: &str = "bench-data";

/// Where the measured binary and the data sets are.
#[derive(Debug)]
pub struct Place {
    pub binary: PathBuf,
    /// The folder of the data sets, if it is not the usual one.
    pub data: Option<PathBuf>,
    /// Whether the data sets are removed in the end.
    pub discard: bool,
}

/// Measures this binary, prints the tables and optionally writes them into a document.
///
/// # Errors
/// The binary can not be measured.
pub fn run(place: &Place, plan: BenchPlan, document: Option<&Path>) -> Result {
    let binary = &place.binary;
    let binary = binary.canonicalize().map_err(|error| format!("{}: {error}", binary.display()))?;
    // Beside the binary, because the system's temporary folder may be in memory, where syncing costs
    // nothing.
    let beside = binary.parent().unwrap_or(Path::new("."));
    let folder = tempfile::Builder::new()
        .prefix("bench-")
        .tempdir_in(beside)
        .map_err(|error| format!("{}: {error}", beside.display()))?;
    let usual = beside.parent().unwrap_or(beside).join(DATA_FOLDER);
    let data =
        std::path::absolute(place.data.as_ref().unwrap_or(&usual)).map_err(|e| e.to_string())?;
    let server = ServerUnderTest { binary: binary.clone(), folder: folder.path().to_owned() };
    let data = DataFolder::open(&data, &server)?;
    let results = Results::new(plan.durations.quick, Machine::detect(folder.path())?);
    let mut bench = Bench { plan, server, data };
    let results = measure(&mut bench, results)?;
    if place.discard {
        bench.data.discard()?;
    }
    println!("{}", report::to_markdown(&results, &bench.plan.parts));
    document.map_or(Ok(()), |file| report::write(file, &results, &bench.plan.parts))
}

fn measure(bench: &mut Bench, mut results: Results) -> Result<Results> {
    for part in bench.plan.parts.clone() {
        for database in bench.plan.databases.clone() {
            log_progress(&format!("{} on {database}", part.name()));
            let began = std::time::Instant::now();
            parts::measure(bench, part, database, &mut results)
                .map_err(|error| format!("{} on {database}: {error}", part.name()))?;
            log_progress(&format!("  took {:.0} s", began.elapsed().as_secs_f64()));
        }
    }
    Ok(results)
}
