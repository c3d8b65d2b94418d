//! Test summary: counts the results that test runners print, and the failures of other checks.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use crate::process::{Failure, Result};

/// Numbers of passed and failed tests, and one line for each part that failed.
#[derive(Default)]
pub struct TestSummary {
    passed: u64,
    failed: u64,
    problems: Vec<String>,
}

impl TestSummary {
    /// Records the result of a check without tests of its own; only a failure counts.
    pub fn record_result(&mut self, name: &str, result: Result) {
        if let Err(failure) = result {
            self.failed += 1;
            self.problems.push(format!("{name}: {failure}"));
        }
    }

    /// Runs a test runner, shows its output and counts the results in its summary lines.
    pub fn run_tests(&mut self, name: &str, command: &mut Command) -> Result {
        let mut child = command.stdout(Stdio::piped()).spawn()?;
        let (mut passed, mut failed) = (0, 0);
        if let Some(stdout) = child.stdout.take() {
            for line in BufReader::new(stdout).split(b'\n') {
                let line = String::from_utf8_lossy(&line?).into_owned();
                println!("{line}");
                let counted = count_results(&line);
                passed += counted.0;
                failed += counted.1;
            }
        }
        let status = child.wait()?;
        if !status.success() && failed == 0 {
            failed = 1;
        }
        self.passed += passed;
        self.failed += failed;
        if failed == 0 {
            return Ok(());
        }
        let problem = format!("{name}: {failed} failed, {passed} passed ({status})");
        self.problems.push(problem.clone());
        Err(Failure::new(problem))
    }

    /// Whether no failure of this part was recorded.
    pub fn has_no_failure(&self, name: &str) -> bool {
        !self.problems.iter().any(|problem| problem.starts_with(&format!("{name}:")))
    }

    /// Prints the failures and then the totals. True if nothing failed.
    pub fn print(&self) -> bool {
        println!();
        for problem in &self.problems {
            println!("✗ {problem}");
        }
        println!("{} passed, {} failed", self.passed, self.failed);
        self.failed == 0
    }
}

/// Parses the passed and failed tests in a summary line of cargo, Playwright or Schemathesis.
fn count_results(line: &str) -> (u64, u64) {
    let line = without_colours(line);
    match line.strip_prefix("test result: ") {
        Some(result) => (number_before(result, " passed;"), number_before(result, " failed;")),
        None => {
            let (one, other) = (playwright(&line), schemathesis(&line));
            (one.0 + other.0, one.1 + other.1)
        }
    }
}

/// Parses the number before `word`, as in `ok. 12 passed; 0 failed; …`.
fn number_before(text: &str, word: &str) -> u64 {
    let before = text.split_once(word).map_or("", |(before, _)| before);
    before.rsplit(' ').next().and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// Parses Playwright's summary lines: `  3 passed (4.2s)`, `  1 failed`, `  2 did not run`.
fn playwright(line: &str) -> (u64, u64) {
    let Some(rest) = line.strip_prefix("  ") else { return (0, 0) };
    let Some((number, words)) = rest.split_once(' ') else { return (0, 0) };
    let Ok(number) = number.parse() else { return (0, 0) };
    let words = words.split(" (").next().unwrap_or(words).trim_end();
    match words {
        "passed" => (number, 0),
        "failed" | "flaky" | "did not run" | "interrupted" => (0, number),
        _ => (0, 0),
    }
}

/// Parses Schemathesis's summary, a line for each phase: `  ✅ Examples`, `  ❌ Fuzzing`.
fn schemathesis(line: &str) -> (u64, u64) {
    let Some((sign, phase)) = line.strip_prefix("  ").and_then(|rest| rest.split_once(' ')) else {
        return (0, 0);
    };
    match (sign, phase) {
        ("✅", "Examples" | "Coverage" | "Fuzzing" | "Stateful") => (1, 0),
        (_, "Examples" | "Coverage" | "Fuzzing" | "Stateful") => (0, 1),
        _ => (0, 0),
    }
}

fn without_colours(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut chars = line.chars();
    while let Some(char) = chars.next() {
        if char == '\u{1b}' {
            // Skips to the letter that ends the escape sequence.
            let _ = chars.by_ref().skip(1).find(char::is_ascii_alphabetic);
        } else if char != '\r' {
            plain.push(char);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::count_results;

    #[test]
    fn counts_cargo_results() {
        let ok = "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0.01s";
        assert_eq!(count_results(ok), (12, 0));
        assert_eq!(
            count_results("test result: FAILED. 2 passed; 3 failed; 0 ignored; 0 measured"),
            (2, 3)
        );
        assert_eq!(
            count_results("test result: \u{1b}[32mok\u{1b}[0m. 7 passed; 0 failed; 0 ignored"),
            (7, 0)
        );
    }

    #[test]
    fn counts_playwright_results() {
        assert_eq!(count_results("  3 passed (4.2s)"), (3, 0));
        assert_eq!(count_results("\u{1b}[31m  1 failed\u{1b}[39m"), (0, 1));
        assert_eq!(count_results("  2 did not run"), (0, 2));
        assert_eq!(count_results("  1 skipped"), (0, 0));
    }

    #[test]
    fn counts_schemathesis_results() {
        assert_eq!(count_results("  ✅ Coverage"), (1, 0));
        assert_eq!(count_results("  ❌ Stateful"), (0, 1));
        assert_eq!(count_results("  🚫 Fuzzing"), (0, 1));
        assert_eq!(count_results(" ✅  Examples (in 2.77s)"), (0, 0));
        assert_eq!(count_results("  ✅ 16 passed  ❌  9 failed"), (0, 0));
    }

    #[test]
    fn other_lines_count_nothing() {
        assert_eq!(count_results("    12 passed customers"), (0, 0));
        assert_eq!(count_results("3 passed, 0 failed"), (0, 0));
    }
}
