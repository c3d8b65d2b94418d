//! One run, from the empty folder to the table.

mod database;
mod reads;
mod starts;
mod storm;
mod writes;

pub use storm::PER_SECOND as LOGINS_PER_SECOND;

use std::path::Path;

use crate::machine::Machine;
use crate::plan::{LARGE, Plan, SMALL};
use crate::product::Product;
use crate::report::{self, Findings};
use crate::{Result, fill, product};

/// Measures this binary, prints the tables and, if asked to, puts them into a file.
///
/// # Errors
/// The binary can not be measured.
pub fn run(binary: &Path, plan: &Plan, document: Option<&Path>) -> Result {
    let binary = binary
        .canonicalize()
        .map_err(|error| format!("--server-bin {}: {error}", binary.display()))?;
    // Beside the binary and not in the system's folder for temporary files: that one may be
    // memory, where keeping a write costs nothing.
    let beside = binary.parent().unwrap_or(Path::new("."));
    let folder = tempfile::Builder::new()
        .prefix("bench-")
        .tempdir_in(beside)
        .map_err(|error| format!("{}: {error}", beside.display()))?;
    let product = Product { binary, folder: folder.path().to_owned() };
    let findings = measure(&product, plan)?;
    println!("{}", report::tables(&findings));
    document.map_or(Ok(()), |file| report::write(file, &findings))
}

fn measure(product: &Product, plan: &Plan) -> Result<Findings> {
    let folder = &product.folder;
    let machine = Machine::look(folder)?;
    let (small, large) = (folder.join("small.db"), folder.join("large.db"));
    note("filling two databases");
    drop(product.start(&small)?);
    database::close(&small)?;
    crate::process::copy_database(&small, &large)?;
    fill::fill(&small, SMALL)?;
    let filled = fill::fill(&large, LARGE)?;
    note(&format!("{LARGE} jobs were written in {:.1} s", filled.as_secs_f64()));

    let start = starts::milliseconds(product, &large, plan)?;
    let server = product.start(&large)?;
    std::thread::sleep(plan.settle);
    let idle = crate::measure::memory::of(server.process.id());
    let spa = crate::spa::bytes(server.address)?;
    let token = product::sign_in(server.address)?;
    let reads = reads::measure(product, plan, (&small, &large), &server, &token)?;
    let writes = writes::measure(folder, plan, &large, &server, &token)?;
    let busy = crate::measure::memory::of(server.process.id());
    // One process at a time has the database.
    drop(server);
    let storm = storm::measure(product, plan, &large)?;
    Ok(Findings { quick: plan.quick, machine, start, idle, busy, spa, reads, writes, storm })
}

/// Says what is being done; the tables alone go to standard output.
fn note(what: &str) {
    eprintln!("bench: {what}");
}
