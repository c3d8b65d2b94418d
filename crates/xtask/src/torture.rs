//! `cargo xtask torture`: fault-injection trials of the release build.

use crate::process::{Result, cargo, run as run_command};
use crate::run;
use crate::setup;

/// Builds the release binary and runs the package `torture` on it.
pub fn torture(args: &[String]) -> Result {
    let binary = run::build()?;
    let postgres = setup::postgres::ensure()?;
    setup::faketime::ensure();
    run_command(
        cargo()
            .args(["run", "--package", "torture", "--", "--server-bin"])
            .arg(binary)
            .args(args)
            .env("PG_BIN", postgres),
    )
}
