//! `cargo xtask test`: lints, Rust tests, browser tests and API fuzzing.

use std::env;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use crate::lint::lint;
use crate::process::{Result, cargo, command, fail, run};
use crate::progress::{note, step};
use crate::setup::{self, npm};
use crate::test_summary::TestSummary;
use crate::{fuzz, openapi_clients, paths, spa, spreadsheets};

/// Which part to test.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Everything.
    All,
    /// Formatting, clippy, vocabulary and dependencies.
    Lint,
    /// All tests of the Rust crates, compiled by clippy.
    Unit,
    /// The browser tests.
    E2e,
    /// Requests generated from the API's document.
    Fuzz,
    /// Clients generated from the API's document.
    Clients,
    /// Sheets as people make them, imported.
    Sheets,
}

impl Part {
    /// Parses the part's name; everything, if there is none.
    pub fn parse(args: &[String]) -> Result<Self> {
        match args.first().map(String::as_str) {
            None => Ok(Self::All),
            Some("lint") => Ok(Self::Lint),
            Some("unit") => Ok(Self::Unit),
            Some("e2e") => Ok(Self::E2e),
            Some("fuzz") => Ok(Self::Fuzz),
            Some("clients") => Ok(Self::Clients),
            Some("sheets") => Ok(Self::Sheets),
            Some(other) => fail(format!(
                "no part is called `{other}`: test [unit|e2e|fuzz|clients|sheets|lint]"
            )),
        }
    }

    fn includes(self, part: Self) -> bool {
        self == Self::All || self == part
    }
}

/// Runs a part and prints `N passed, N failed` at the end.
pub fn test(part: Part) -> Result<ExitCode> {
    let mut tally = TestSummary::default();
    if part.includes(Part::Lint) {
        lint(&mut tally, part == Part::Lint);
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
    if part.includes(Part::Sheets) {
        sheets(&mut tally);
    }
    Ok(if tally.print() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Cargo, with clippy as the compiler of the workspace's crates: one compilation both finds what clippy
/// refuses and makes the programs. A check by `cargo clippy` would compile all dependencies once more.
fn cargo_with_clippy() -> Command {
    let mut cargo = cargo();
    cargo.env("RUSTC_WORKSPACE_WRAPPER", "clippy-driver");
    // The form in which `cargo clippy -- -D warnings` hands its arguments on.
    cargo.env("CLIPPY_ARGS", "-D__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__");
    cargo
}

/// Compiles all tests and the programs that they start.
fn compile_tests() -> Result {
    let tests = ["test", "--workspace", "--all-targets", "--no-run", "--quiet"];
    step("tests compiled, with clippy", || run(cargo_with_clippy().args(tests)))
}

/// Builds a program of the workspace; returns its path. It is built along with the tests: alone, it would
/// get other features of its dependencies, and all of them would be compiled once more.
fn build_program(program: &str) -> Result<PathBuf> {
    compile_tests()?;
    Ok(paths::target().join("debug").join(format!("{program}{}", env::consts::EXE_SUFFIX)))
}

/// Tests wait for databases, clocks and each other most of the time. With as many threads as cores, the suite
/// takes half as long again.
const TEST_THREADS_PER_CORE: usize = 2;

fn unit(tally: &mut TestSummary) {
    let postgres = match setup::postgres::ensure() {
        Ok(dir) => dir,
        Err(failure) => return tally.record_result("PostgreSQL", Err(failure)),
    };
    if let Err(failure) = compile_tests() {
        return tally.record_result("compilation", Err(failure));
    }
    let mut tests = cargo_with_clippy();
    tests.args(["test", "--workspace", "--all-targets", "--no-fail-fast"]).env("PG_BIN", postgres);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    tests.env("RUST_TEST_THREADS", (cores * TEST_THREADS_PER_CORE).to_string());
    pass_shared_data(&mut tests);
    // Failures are in the summary already.
    let _ = step("tests", || tally.run_tests("tests", &mut tests));
    check_telegram_fake(tally);
}

/// Checks the Telegram fake with a client library that we did not write.
fn check_telegram_fake(tally: &mut TestSummary) {
    const TITLE: &str = "Telegram fake";
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

fn build_telegram_fake() -> Result<PathBuf> {
    build_program("telegram-fake")
}

/// The server that browsers and generated requests are tried on. It is the debug build: it checks for
/// overflow as well, and the tests have already compiled it. It serves the browser application from
/// frontend/dist, which the release build embeds.
fn build_server() -> Result<PathBuf> {
    build_program("isp-server")
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
    let built = spa::release().and_then(|_| build_server());
    let tried = built.and_then(|server| {
        step(TITLE, || fuzz::short(&server, |tries| tally.run_tests(TITLE, tries)))
    });
    // Failures that the runner counted are not counted again.
    if tally.has_no_failure(TITLE) {
        tally.record_result(TITLE, tried);
    }
}

fn clients(tally: &mut TestSummary) {
    match spa::release().and_then(|_| build_server()) {
        Ok(server) => openapi_clients::check(&server, tally),
        Err(failure) => tally.record_result("OpenAPI clients", Err(failure)),
    }
}

fn sheets(tally: &mut TestSummary) {
    const TITLE: &str = "sheets as people make them";
    // The server starts only with a browser application to serve.
    let built = spa::release().and_then(|_| build_server());
    let checked =
        built.and_then(|server| step(TITLE, || spreadsheets::check(&server, TITLE, tally)));
    // Failures that the runner counted are not counted again.
    if let (Err(failure), true) = (checked, tally.has_no_failure(TITLE)) {
        tally.record_result(TITLE, Err(failure));
    }
}

fn browser_tests() -> Result<Command> {
    spa::release()?;
    let server = build_server()?;
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
        .env("ISP_SERVER_BIN", server)
        .env("TELEGRAM_FAKE_BIN", telegram)
        .env("CHROMIUM_PATH", chromium)
        .env("ISP_SPA_SIZES", paths::spa_sizes());
    pass_shared_data(&mut tests);
    Ok(tests)
}

/// Passes real data beside the checkout to the tests, if there is any.
fn pass_shared_data(command: &mut Command) {
    let dir = paths::root().join("../shared/data");
    if let Ok(dir) = dir.canonicalize() {
        note(&format!("real data from {}", dir.display()));
        command.env("ISP_SHARED_DATA", dir);
    }
}
