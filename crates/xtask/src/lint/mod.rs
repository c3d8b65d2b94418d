//! Checks that need no running program: formatting, clippy, vocabulary, imports, dependencies.

mod dependencies;
mod imports;
mod vocabulary;

use crate::process::{Result, cargo, fail, run};
use crate::progress::step;
use crate::setup;
use crate::test_summary::TestSummary;

/// Runs the checks; clippy only if `with_clippy`, because the tests are compiled by clippy as well.
pub fn lint(summary: &mut TestSummary, with_clippy: bool) {
    check(summary, "formatting", || {
        run(cargo().args(["fmt", "--all", "--check"])).or_else(|_| fail("run `cargo fmt --all`"))
    });
    check(summary, "vocabulary", vocabulary::check);
    check(summary, "imports without circles", imports::check);
    check(summary, "shared without server dependencies", dependencies::check_shared);
    dependencies::check_licences(summary);
    if with_clippy {
        check(summary, "clippy", clippy);
    }
    let frontend = setup::frontend();
    check(summary, "shared for WebAssembly", || {
        let target = ["--target", "wasm32-unknown-unknown"];
        run(frontend?.cargo()?.args(["check", "--quiet", "--package", "shared"]).args(target))
    });
}

fn check(summary: &mut TestSummary, title: &str, work: impl FnOnce() -> Result) {
    let result = step(title, work);
    summary.record_result(title, result);
}

fn clippy() -> Result {
    let arguments = ["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"];
    run(cargo().args(arguments))
}
