//! Measures the release build: `cargo xtask bench`.
//!
//! One binary, several processes: the *driver* starts the real server, the *reference* (the smallest
//! server that gives the same responses) and, for each measurement, a *load generator*, so that the load
//! is never part of the measured process. docs/PERFORMANCE.md explains the figures.

#![allow(clippy::print_stdout, reason = "a command-line tool speaks on standard output")]

mod bench;
mod cli;
mod data;
mod data_folder;
mod driver;
mod http;
mod live_load;
mod load;
mod login_load;
mod machine;
mod measure;
mod open_load;
mod parts;
mod plan;
mod process;
mod progress;
mod reference;
mod report;
mod requests;
mod seed;
mod server_under_test;
mod spa;

use std::process::ExitCode;

/// A result whose error is one line for the user.
pub type Result<T = (), E = String> = std::result::Result<T, E>;

fn main() -> ExitCode {
    match cli::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}
