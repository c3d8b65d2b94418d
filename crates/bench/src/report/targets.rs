//! Performance targets and whether they were met.

use std::fmt::Write;

use crate::report::BenchResults;

enum Threshold {
    AtLeast(f64),
    AtMost(f64),
    Below(f64),
}

struct Target {
    what: &'static str,
    threshold: Threshold,
    /// `None` if it could not be measured here.
    measured: Option<f64>,
    unit: &'static str,
}

impl Target {
    fn verdict(&self) -> &'static str {
        let Some(reached) = self.measured else { return "not measured" };
        let ok = match self.threshold {
            Threshold::AtLeast(mark) => reached >= mark,
            Threshold::AtMost(mark) => reached <= mark,
            Threshold::Below(mark) => reached < mark,
        };
        if ok { "ok" } else { "**missed**" }
    }
}

fn targets(findings: &BenchResults) -> Vec<Target> {
    use Threshold::{AtLeast, AtMost, Below};
    let reads = &findings.reads;
    let share = |read: &crate::report::ReadComparison| {
        Some(read.server.ratio(&read.block, |sample| sample.per_second))
    };
    let growth = reads.list_large.server.ratio(&reads.list_small.server, |sample| sample.p99);
    let mark =
        |what, wanted, reached, unit| Target { what, threshold: wanted, measured: reached, unit };
    vec![
        mark("list of 20, share of the reference", AtLeast(0.6), share(&reads.list_large), ""),
        mark("get, share of the reference", AtLeast(0.6), share(&reads.get), ""),
        mark("list's p99 at 100000 jobs beside 1000", AtMost(1.5), Some(growth), "×"),
        mark(
            "creates from 64 clients beside the bare loop's commits",
            AtLeast(1.5),
            Some(findings.writes.group_commit_ratio()),
            "×",
        ),
        mark(
            "p99 of list and get during 50 logins a second",
            Below(60.0),
            Some(findings.login_load.under_load.p99),
            " ms",
        ),
        mark("memory, idle", Below(40.0), findings.idle.map(|memory| memory.resident), " MB"),
        mark("start", Below(300.0), Some(findings.start), " ms"),
        mark(
            "browser application, first load",
            Below(450.0),
            findings.spa.map(|bytes| bytes as f64 / 1e3),
            " KB",
        ),
    ]
}

/// Renders the table of targets.
pub fn table(findings: &BenchResults) -> String {
    let mut text = String::from("| mark | wanted | reached | |\n|---|--:|--:|---|\n");
    for mark in targets(findings) {
        let unit = mark.unit;
        let number = |value: f64| match value {
            value if value >= 10.0 => format!("{value:.0}{unit}"),
            value => format!("{value:.2}{unit}"),
        };
        let wanted = match mark.threshold {
            Threshold::AtLeast(value) => format!("≥ {}", number(value)),
            Threshold::AtMost(value) => format!("≤ {}", number(value)),
            Threshold::Below(value) => format!("< {}", number(value)),
        };
        let reached = mark.measured.map_or("–".to_owned(), number);
        let _ = writeln!(text, "| {} | {wanted} | {reached} | {} |", mark.what, mark.verdict());
    }
    text
}
