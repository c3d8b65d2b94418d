//! Command line of the benchmark.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use crate::plan::BenchPlan;
use crate::{Result, driver, load, login_load, reference};

/// Measures the release build of the server.
#[derive(Debug, Parser)]
#[command(version, about, subcommand_negates_reqs = true)]
struct Arguments {
    #[command(subcommand)]
    part: Option<Part>,
    /// The server's release binary.
    #[arg(long, required = true)]
    server_bin: Option<PathBuf>,
    /// Shorter and fewer rounds: shows that everything works, not how fast it is.
    #[arg(long)]
    quick: bool,
    /// Puts the tables into this file, between its markers.
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
}

/// The other processes of a measurement, started by the driver.
#[derive(Debug, Subcommand)]
enum Part {
    /// The smallest handler that answers like the server.
    #[command(hide = true)]
    Reference(reference::Options),
    /// Sends the requests that come on standard input and prints how long they took.
    #[command(hide = true)]
    Load,
    /// Sends so many logins a second and prints how they were answered.
    #[command(hide = true)]
    LoginLoad,
}

/// Parses the command line and runs the selected process.
pub fn run() -> Result {
    let arguments = Arguments::parse();
    match arguments.part {
        Some(Part::Reference(options)) => reference::run(&options),
        Some(Part::Load) => load::run(),
        Some(Part::LoginLoad) => login_load::run(),
        None => {
            let binary = arguments.server_bin.unwrap_or_default();
            let plan = if arguments.quick { BenchPlan::quick() } else { BenchPlan::full() };
            driver::run(&binary, &plan, arguments.write.as_deref())
        }
    }
}
