//! `cargo xtask test`: everything that has to hold.

use std::env;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use crate::process::{Result, cargo, command, fail, output, run};
use crate::progress::{note, step};
use crate::setup::{self, npm};
use crate::test_summary::TestSummary;
use crate::{fuzz, openapi_clients, paths, run as release, spa};

/// Which part to test.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Everything.
    All,
    /// Formatting, lints and the rules of the house.
    Lint,
    /// All tests of the Rust crates.
    Unit,
    /// The browser tests, against the release binary.
    E2e,
    /// Requests made from the description of the API, against the release binary.
    Fuzz,
    /// Clients generated from the description of the API, against the release binary.
    Clients,
}

impl Part {
    /// Reads the part's name; everything, if there is none.
    pub fn parse(args: &[String]) -> Result<Self> {
        match args.first().map(String::as_str) {
            None => Ok(Self::All),
            Some("lint") => Ok(Self::Lint),
            Some("unit") => Ok(Self::Unit),
            Some("e2e") => Ok(Self::E2e),
            Some("fuzz") => Ok(Self::Fuzz),
            Some("clients") => Ok(Self::Clients),
            Some(other) => {
                fail(format!("no part is called `{other}`: test [unit|e2e|fuzz|clients|lint]"))
            }
        }
    }

    fn includes(self, part: Self) -> bool {
        self == Self::All || self == part
    }
}

/// Runs a part and closes with `N passed, N failed`.
pub fn test(part: Part) -> Result<ExitCode> {
    let mut tally = TestSummary::default();
    if part.includes(Part::Lint) {
        lint(&mut tally);
    }
    if part.includes(Part::Unit) {
        unit(&mut tally);
    }
    if part.includes(Part::E2e) {
        e2e(&mut tally);
    }
    if part.includes(Part::Fuzz) {
        fuzz(&mut tally);
    }
    if part.includes(Part::Clients) {
        clients(&mut tally);
    }
    Ok(if tally.print() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn lint(tally: &mut TestSummary) {
    let format = step("formatting", || {
        run(cargo().args(["fmt", "--all", "--check"])).or_else(|_| fail("run `cargo fmt --all`"))
    });
    tally.record_result("formatting", format);

    let lints = step("lints", || {
        run(cargo().args([
            "clippy",
            "--workspace",
            "--all-targets",
            "--quiet",
            "--",
            "-D",
            "warnings",
        ]))
    });
    tally.record_result("lints", lints);

    tally.record_result(
        "shared without server dependencies",
        step("shared without server dependencies", check_shared_dependencies),
    );

    let wasm = setup::frontend().and_then(|frontend| {
        step("shared for WebAssembly", || {
            let target = ["--target", "wasm32-unknown-unknown"];
            run(frontend.cargo()?.args(["check", "--quiet", "--package", "shared"]).args(target))
        })
    });
    tally.record_result("shared for WebAssembly", wasm);
}

/// `shared` runs in browsers: nothing of a server may come with it.
fn check_shared_dependencies() -> Result {
    const SERVER_ONLY: [&str; 8] =
        ["actix-web", "diesel", "libsqlite3-sys", "mio", "pq-sys", "r2d2", "teloxide", "tokio"];
    let tree = output(cargo().args([
        "tree",
        "--package",
        "shared",
        "--edges",
        "normal",
        "--prefix",
        "none",
    ]))?;
    let found: Vec<&str> = tree
        .lines()
        .filter_map(|line| line.split(' ').next())
        .filter(|name| SERVER_ONLY.contains(name))
        .collect();
    if found.is_empty() { Ok(()) } else { fail(format!("it depends on {}", found.join(", "))) }
}

fn unit(tally: &mut TestSummary) {
    let postgres = match setup::postgres::ensure() {
        Ok(dir) => dir,
        Err(failure) => return tally.record_result("PostgreSQL", Err(failure)),
    };
    let mut tests = cargo();
    tests.args(["test", "--workspace", "--no-fail-fast"]).env("PG_BIN", postgres);
    pass_shared_data(&mut tests);
    // Its failures are counted already.
    let _ = step("tests", || tally.run_tests("tests", &mut tests));
    check_telegram_fake(tally);
}

/// Whether a client library of others finds our stand-in for Telegram to be one.
fn check_telegram_fake(tally: &mut TestSummary) {
    const TITLE: &str = "stand-in for Telegram";
    let ready = setup::aiogram::ensure().and_then(|python| Ok((python, build_telegram_fake()?)));
    match ready {
        Ok((python, program)) => {
            let mut check = command(python);
            check.arg("crates/telegram-fake/check/with_aiogram.py").arg(program);
            let _ = step(TITLE, || tally.run_tests(TITLE, &mut check));
        }
        Err(failure) => tally.record_result(TITLE, Err(failure)),
    }
}

/// Builds the stand-in for Telegram; gives the program.
fn build_telegram_fake() -> Result<PathBuf> {
    run(cargo().args(["build", "--quiet", "--package", "telegram-fake"]))?;
    let program = format!("telegram-fake{}", env::consts::EXE_SUFFIX);
    Ok(paths::target().join("debug").join(program))
}

fn e2e(tally: &mut TestSummary) {
    match browser_tests() {
        Ok(mut tests) => {
            let _ = step("browser tests", || tally.run_tests("browser tests", &mut tests));
        }
        Err(failure) => tally.record_result("browser tests", Err(failure)),
    }
}

fn fuzz(tally: &mut TestSummary) {
    const TITLE: &str = "requests from the description";
    let built = spa::release().and_then(|_| release::server());
    let tried =
        built.and_then(|()| step(TITLE, || fuzz::short(|tries| tally.run_tests(TITLE, tries))));
    // What the runner counted as failed is not counted again.
    if tally.has_no_failure(TITLE) {
        tally.record_result(TITLE, tried);
    }
}

fn clients(tally: &mut TestSummary) {
    match spa::release().and_then(|_| release::server()) {
        Ok(()) => openapi_clients::check(&paths::server_binary("release"), tally),
        Err(failure) => tally.record_result("OpenAPI clients", Err(failure)),
    }
}

fn browser_tests() -> Result<Command> {
    spa::release()?;
    release::server()?;
    let telegram = build_telegram_fake()?;
    let chromium = setup::chromium::ensure()?;
    let mut tests = npm::node();
    tests
        .args([
            "node_modules/@playwright/test/cli.js",
            "test",
            "--config",
            "e2e/playwright.config.ts",
        ])
        .env("ISP_SERVER_BIN", paths::server_binary("release"))
        .env("TELEGRAM_FAKE_BIN", telegram)
        .env("CHROMIUM_PATH", chromium);
    pass_shared_data(&mut tests);
    Ok(tests)
}

/// Real data beside the checkout, where there is some.
fn pass_shared_data(command: &mut Command) {
    let dir = paths::root().join("../shared/data");
    if let Ok(dir) = dir.canonicalize() {
        note(&format!("real data from {}", dir.display()));
        command.env("ISP_SHARED_DATA", dir);
    }
}
