//! `cargo xtask bench`: measures the release build.

use crate::process::{Result, cargo, run as run_command};
use crate::run;

/// Builds the release binary and runs the package `bench` on it.
pub fn bench(args: &[String]) -> Result {
    let binary = run::build()?;
    run_command(
        cargo()
            .args(["run", "--release", "--package", "bench", "--", "--server-bin"])
            .arg(binary)
            .args(args),
    )
}
