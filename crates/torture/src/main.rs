//! Fault-injection trials of the release build: kills, lost storage, moved clocks.
//!
//! Each trial verifies that every acknowledged change is still there and that rejected requests get the
//! right error code.
//!
//! Everything runs on the loopback interface and is bounded in number and time. The seed is printed; the
//! same seed kills at the same instants after each start.
#![allow(clippy::print_stdout, reason = "a command-line tool speaks on standard output")]

mod client;
mod load;
mod report;
mod scenarios;
mod server;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use report::Report;

/// A result whose error is a sentence.
pub type Result<T = ()> = std::result::Result<T, String>;

/// Kills, full disks, vanished files and moved clocks.
#[derive(Debug, Parser)]
struct Arguments {
    /// The release binary of the server.
    #[arg(long)]
    server_bin: PathBuf,
    /// Total number of kills of the server and of PostgreSQL.
    #[arg(long, default_value_t = 200)]
    kills: usize,
    /// Number of snapshots of the files under load.
    #[arg(long, default_value_t = 50)]
    snapshots: usize,
    /// Seed of the instants of the kills; random and printed when absent.
    #[arg(long)]
    seed: Option<u64>,
    /// Only scenarios whose name contains this.
    #[arg(long)]
    only: Option<String>,
    /// Replaces the table between the markers `<!-- torture -->` in this file.
    #[arg(long)]
    write: Vec<PathBuf>,
}

/// Parameters and report of the trials.
pub struct Trial {
    pub server_bin: PathBuf,
    pub kills: usize,
    pub snapshots: usize,
    pub random: StdRng,
    pub report: Report,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let seed = arguments.seed.unwrap_or_else(|| rand::rng().random());
    println!("seed {seed}");
    let mut trial = Trial {
        server_bin: arguments.server_bin,
        kills: arguments.kills,
        snapshots: arguments.snapshots,
        random: StdRng::seed_from_u64(seed),
        report: Report::default(),
    };
    scenarios::run(&mut trial, arguments.only.as_deref().unwrap_or_default()).await;
    let table = trial.report.table(seed);
    println!("\n{table}");
    for file in &arguments.write {
        if let Err(error) = report::write(file, &table) {
            eprintln!("{}: {error}", file.display());
            return ExitCode::FAILURE;
        }
    }
    if trial.report.all_passed() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
