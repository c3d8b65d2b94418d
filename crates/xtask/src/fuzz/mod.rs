//! `cargo xtask fuzz`: valid and invalid requests generated from the OpenAPI document by Schemathesis.
//!
//! A response must not be a server error or have an undocumented status or shape; invalid requests must
//! be rejected, and so must requests without the required sign-in.

mod server;

use std::path::PathBuf;
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::process::{Failure, Result, command, fail, run as run_command};
use crate::progress::note;
use crate::setup::schemathesis;
use crate::{paths, run as release};
use server::FuzzServer;

/// Fixed seed of the tests, so that each run sends the same requests.
const TEST_SEED: u64 = 20_261_123;
/// Random requests per operation, in addition to those derived from the document (examples, limits,
/// missing and wrong fields).
const TEST_EXAMPLES: u32 = 8;
const EXAMPLES: u32 = 200;

const USAGE: &str =
    "fuzz [--short] [--seed N] [--examples N] [--server-bin FILE]   (without FILE: builds one)";

/// Command-line options.
pub struct Options {
    seed: u64,
    examples: u32,
    binary: Option<PathBuf>,
}

impl Options {
    /// The options of `cargo xtask test`, which take less than a minute and a half.
    pub fn short() -> Self {
        Self { seed: TEST_SEED, examples: TEST_EXAMPLES, binary: None }
    }

    fn long() -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { seed: now.as_secs(), examples: EXAMPLES, binary: None }
    }

    /// Parses the options.
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

/// Fuzzes the named binary, or builds one.
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
