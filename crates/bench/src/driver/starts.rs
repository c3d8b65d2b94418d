//! How long the server takes to be ready.

use std::path::Path;

use crate::Result;
use crate::driver::note;
use crate::measure::median;
use crate::plan::Plan;
use crate::product::Product;

/// Milliseconds from the start of the process on an existing database to its first good answer.
///
/// # Errors
/// It does not start.
pub fn milliseconds(product: &Product, database: &Path, plan: &Plan) -> Result<f64> {
    note("starting the server several times");
    let mut times = Vec::new();
    for _ in 0..plan.starts {
        let server = product.start(database)?;
        times.push(server.ready_after.as_secs_f64() * 1e3);
    }
    Ok(median(times))
}
