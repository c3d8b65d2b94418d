//! What may become part of the product: `shared` runs in browsers, and licences, sources and banned
//! crates are checked by cargo-deny against deny.toml.

use crate::process::{Result, cargo, command, fail, output, run};
use crate::progress::{note, step};
use crate::setup;
use crate::test_summary::TestSummary;

/// Fails if `shared` depends on anything that only a server can have.
pub fn check_shared() -> Result {
    const SERVER_ONLY: [&str; 8] =
        ["actix-web", "diesel", "libsqlite3-sys", "mio", "pq-sys", "r2d2", "teloxide", "tokio"];
    let tree = ["tree", "--package", "shared", "--edges", "normal", "--prefix", "none"];
    let tree = output(cargo().args(tree))?;
    let found: Vec<&str> = tree
        .lines()
        .filter_map(|line| line.split(' ').next())
        .filter(|name| SERVER_ONLY.contains(name))
        .collect();
    if found.is_empty() { Ok(()) } else { fail(format!("it depends on {}", found.join(", "))) }
}

/// Runs cargo-deny. Security advisories come from a database that is not reachable everywhere; where it is
/// not, a note says so.
pub fn check_licences(summary: &mut TestSummary) {
    const TITLE: &str = "licences, bans and sources";
    const ADVISORIES: &str = "security advisories";
    let program = match setup::cargo_deny::ensure() {
        Ok(program) => program,
        Err(failure) => return summary.record_result(TITLE, Err(failure)),
    };
    let deny = || {
        let mut deny = command(&program);
        deny.args(["--workspace", "--log-level", "error"]);
        deny
    };
    let checked = step(TITLE, || run(deny().args(["check", "licenses", "bans", "sources"])));
    summary.record_result(TITLE, checked);
    if output(deny().args(["fetch", "db"])).is_err() {
        note("security advisories: not checked, their database cannot be reached");
        return;
    }
    let checked = step(ADVISORIES, || run(deny().args(["check", "advisories"])));
    summary.record_result(ADVISORIES, checked);
}
