//! The project's development tasks. `cargo xtask help` lists them.
//!
//! Uses only the standard library, so that the first command on a fresh machine starts within seconds.

#![allow(clippy::print_stdout, reason = "a command-line tool speaks on standard output")]

mod apt;
mod bench;
mod demo_server;
mod dev;
mod fingerprint;
mod fuzz;
mod lint;
mod lockfile;
mod openapi_clients;
mod paths;
mod process;
mod progress;
mod run;
mod setup;
mod spa;
mod spreadsheets;
mod test;
mod test_summary;
mod torture;
mod wasm_split;

use std::process::ExitCode;

use process::{Failure, Result, fail};

const USAGE: &str = "\
cargo xtask <command>

  run [--port N] [--fresh] [--bot]
                               set up, build and start the system with demo data (http://localhost:3001)
                               --fresh starts over with a new demo database
                               --bot adds a Telegram fake, to chat with the bot in a browser
  test [unit|e2e|fuzz|clients|sheets|lint]
                               set up what is missing and run every test, or one part
  dev [--port N]               rebuild and restart on every change
  bench [--quick]              measure the release build
  torture [--kills N] [--seed N] [--only NAME]
                               kill the release build and take its storage away under load
  fuzz [--short] [--seed N]    send the API thousands of requests generated from its OpenAPI document
  clients [--server-bin FILE]  generate clients from the OpenAPI document and work with them
  build                        only build the release binary with the browser application inside
  setup                        only install what is missing
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let done = if wasm_split::is_called_as_wasm_bindgen() {
        wasm_split::run_as_wasm_bindgen().map(|()| ExitCode::SUCCESS)
    } else {
        dispatch(&args)
    };
    match done {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("\n✗ {failure}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(args: &[String]) -> Result<ExitCode> {
    let (command, rest) = match args.split_first() {
        Some((first, rest)) => (first.as_str(), rest),
        None => ("help", args),
    };
    match command {
        "run" => run::run(&run::Options::parse(rest)?)?,
        "test" => return test::test(test::Part::parse(rest)?),
        "dev" => dev::dev(port(rest)?)?,
        "bench" => bench::bench(rest)?,
        "torture" => torture::torture(rest)?,
        "fuzz" => fuzz::fuzz(fuzz::Options::parse(rest)?)?,
        "clients" => return openapi_clients::clients(rest),
        "build" => run::build().map(drop)?,
        "setup" => setup::everything()?,
        "help" | "--help" | "-h" => print!("{USAGE}"),
        other => return Err(Failure::new(format!("unknown command `{other}`\n\n{USAGE}"))),
    }
    Ok(ExitCode::SUCCESS)
}

/// Parses `--port N` for commands that have no other option.
fn port(args: &[String]) -> Result<Option<u16>> {
    match args {
        [] => Ok(None),
        [flag, value] if flag == "--port" => parse_port(value).map(Some),
        _ => fail(format!("don't understand `{}`\n\n{USAGE}", args.join(" "))),
    }
}

/// Parses a port number.
fn parse_port(value: &str) -> Result<u16> {
    value.parse().map_err(|_| Failure::new(format!("`{value}` is not a port number")))
}
