//! Sheets as people make them, written by a library that we did not write and imported by a running server.

use std::path::Path;

use crate::demo_server::DemoServer;
use crate::paths;
use crate::process::{Result, command};
use crate::setup::openpyxl;
use crate::test_summary::TestSummary;

const SCRIPT: &str = "crates/xtask/spreadsheets/check.py";

/// Imports every sheet into a server with demo data and compares the reports.
pub fn check(binary: &Path, title: &str, summary: &mut TestSummary) -> Result {
    let python = openpyxl::ensure()?;
    let server = DemoServer::start(binary)?;
    let mut script = command(python);
    script.arg(paths::root().join(SCRIPT)).arg(server.url("")).arg(server.token());
    // Compiled scripts would lie beside the sources.
    script.env("PYTHONDONTWRITEBYTECODE", "1");
    summary.run_tests(title, &mut script)
}
