//! `cargo xtask fuzz`: thousands of requests made from the OpenAPI document, right and wrong ones.
//!
//! No answer may be a failure of the server, have a status or a shape that the document does not
//! name, take what the document forbids, or do without the sign-in that it demands.

mod server;

use std::path::PathBuf;
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::process::{Failure, Result, command, fail, run as run_command};
use crate::progress::note;
use crate::setup::schemathesis;
use crate::{paths, run as release};
use server::FuzzServer;

/// The same requests each time that the tests run.
const TEST_SEED: u64 = 20_261_123;
/// Requests per operation that are drawn by chance; those that are derived from the document
/// (examples, limits, missing and wrong fields) come on top.
const TEST_EXAMPLES: u32 = 8;
const EXAMPLES: u32 = 200;

const USAGE: &str =
    "fuzz [--short] [--seed N] [--examples N] [--server-bin FILE]   (without FILE: builds one)";

/// What the command line asks for.
pub struct Options {
    seed: u64,
    examples: u32,
    binary: Option<PathBuf>,
}

impl Options {
    /// What `cargo xtask test` runs, in less than a minute and a half.
    pub fn short() -> Self {
        Self { seed: TEST_SEED, examples: TEST_EXAMPLES, binary: None }
    }

    fn long() -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { seed: now.as_secs(), examples: EXAMPLES, binary: None }
    }

    /// Reads the options.
    pub fn parse(args: &[String]) -> Result<Self> {
        let mut options = match args.iter().any(|arg| arg == "--short") {
            true => Self::short(),
            false => Self::long(),
        };
        let mut rest = args.iter().filter(|arg| *arg != "--short");
        while let Some(flag) = rest.next() {
            let wrong = || Failure::new(format!("don't understand `{flag}`: {USAGE}"));
            let value = rest.next().ok_or_else(wrong)?;
            match flag.as_str() {
                "--seed" => options.seed = value.parse().map_err(|_| wrong())?,
                "--examples" => options.examples = value.parse().map_err(|_| wrong())?,
                "--server-bin" => options.binary = Some(std::path::absolute(value)?),
                _ => return Err(wrong()),
            }
        }
        Ok(options)
    }
}

/// Builds the server if no binary was named, and tries it.
pub fn fuzz(mut options: Options) -> Result {
    let binary = match options.binary.take() {
        Some(binary) => binary,
        None => release::build()?,
    };
    with_server(&binary, &options, run_command)
}

/// Tries a server that is already built; `run` is given the command.
pub fn short(server: &std::path::Path, run: impl FnOnce(&mut Command) -> Result) -> Result {
    with_server(server, &Options::short(), run)
}

fn with_server(
    binary: &std::path::Path,
    options: &Options,
    run: impl FnOnce(&mut Command) -> Result,
) -> Result {
    let program = schemathesis::ensure()?;
    let server = FuzzServer::start(binary)?;
    let Options { seed, examples, .. } = options;
    note(&format!("seed {seed}, {examples} requests by chance per operation"));
    let here = paths::root().join("crates/xtask");
    let mut tries = command(program);
    tries
        .current_dir(server.folder())
        .env("SCHEMATHESIS_HOOKS", here.join("schemathesis_hooks.py"))
        .arg("--config-file")
        .arg(here.join("schemathesis.toml"))
        .args(["run", &server.url("/api/openapi.json"), "--no-color"])
        .args(["--seed", &seed.to_string(), "--max-examples", &examples.to_string()])
        .env("ISP_TOKEN", server.token());
    let tried = run(&mut tries);
    match tried.and_then(|()| server.check_health()) {
        Ok(()) => Ok(()),
        Err(failure) => {
            let log = server.preserve_log();
            fail(format!(
                "{failure}; again by `cargo xtask fuzz --seed {seed} --examples {examples}`; the server's log: {}",
                log.display()
            ))
        }
    }
}
