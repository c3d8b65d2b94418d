//! Command line of the benchmark.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

use crate::plan::{BenchPlan, Database, Durations, Part};
use crate::{Result, driver, live_load, load, login_load, open_load, reference};

/// Measures the release build of the server.
#[derive(Debug, Parser)]
#[command(version, about, args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    process: Option<Process>,
    #[command(flatten)]
    options: Options,
}

/// What to measure.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// The parts to measure; all of them without a name.
    #[arg(value_name = "PART")]
    parts: Vec<Part>,
    /// The server's release binary.
    #[arg(long, value_name = "FILE")]
    server_bin: Option<PathBuf>,
    /// Numbers of jobs of the data sets.
    #[arg(long, value_delimiter = ',', default_values_t = [1_000, 100_000, 1_000_000],
        value_parser = clap::value_parser!(u32).range(100..=5_000_000))]
    rows: Vec<u32>,
    /// The database of the server.
    #[arg(long, default_value = "both")]
    database: Databases,
    /// Shorter and fewer rounds: shows that everything works, not how fast it is.
    #[arg(long)]
    quick: bool,
    /// Puts the tables of the measured parts into this file, each between its markers.
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
    /// The folder that keeps the data sets for the next run; beside the binary's folder without this.
    #[arg(long, value_name = "FOLDER")]
    keep: Option<PathBuf>,
    /// Removes the data sets in the end.
    #[arg(long)]
    discard: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Databases {
    Sqlite,
    Postgres,
    Both,
}

/// The other processes of a measurement, started by the driver.
#[derive(Debug, Subcommand)]
enum Process {
    /// The smallest handler that answers like the server.
    #[command(hide = true)]
    Reference(reference::Options),
    /// Sends the requests that come on standard input and prints how long they took.
    #[command(hide = true)]
    Load,
    /// Sends so many logins a second and prints how they were answered.
    #[command(hide = true)]
    LoginLoad,
    /// Sends requests at a rate of their own and prints how long they took.
    #[command(hide = true)]
    OpenLoad,
    /// Many browsers that wait for live events.
    #[command(hide = true)]
    LiveLoad,
}

impl Options {
    /// What is measured.
    fn plan(&self) -> BenchPlan {
        let mut parts = self.parts.clone();
        if parts.is_empty() {
            parts = Part::value_variants().to_vec();
        }
        let mut sizes = self.rows.clone();
        sizes.sort_unstable();
        sizes.dedup();
        parts.sort_unstable();
        parts.dedup();
        let databases = match self.database {
            Databases::Sqlite => vec![Database::Sqlite],
            Databases::Postgres => vec![Database::Postgres],
            Databases::Both => vec![Database::Sqlite, Database::Postgres],
        };
        let durations = if self.quick { Durations::quick() } else { Durations::full() };
        BenchPlan { parts, databases, sizes, durations }
    }
}

/// Parses the command line and runs the selected process.
///
/// # Errors
/// The process fails.
pub fn run() -> Result {
    let arguments = Arguments::parse();
    match arguments.process {
        Some(Process::Reference(options)) => reference::run(&options),
        Some(Process::Load) => load::run(),
        Some(Process::LoginLoad) => login_load::run(),
        Some(Process::OpenLoad) => open_load::run(),
        Some(Process::LiveLoad) => live_load::run(),
        None => {
            let options = arguments.options;
            let plan = options.plan();
            let binary = options.server_bin.ok_or("--server-bin FILE is missing")?;
            let place = driver::Place { binary, data: options.keep, discard: options.discard };
            driver::run(&place, plan, options.write.as_deref())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(arguments: &[&str]) -> BenchPlan {
        let all = ["bench"].iter().chain(arguments);
        Arguments::try_parse_from(all).unwrap().options.plan()
    }

    #[test]
    fn without_a_name_every_part_is_measured() {
        let plan = plan(&[]);
        assert_eq!(plan.parts, Part::value_variants());
        assert_eq!(plan.sizes, [1_000, 100_000, 1_000_000]);
        assert_eq!(plan.databases, [Database::Sqlite, Database::Postgres]);
    }

    #[test]
    fn parts_are_chosen_by_name_in_any_order() {
        let plan = plan(&["writes", "reads", "reads", "--rows", "5000,1000", "--database=sqlite"]);
        assert_eq!(plan.parts, [Part::Reads, Part::Writes]);
        assert_eq!((plan.sizes, plan.databases), (vec![1_000, 5_000], vec![Database::Sqlite]));
    }

    #[test]
    fn unknown_parts_and_sizes_are_refused() {
        for wrong in [["reads", "sleeping"], ["--rows", "0"], ["--database", "oracle"]] {
            assert!(Arguments::try_parse_from(["bench"].iter().chain(&wrong)).is_err());
        }
    }
}
