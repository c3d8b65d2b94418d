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
        let Some(measured) = self.measured else { return "not measured" };
        let ok = match self.threshold {
            Threshold::AtLeast(limit) => measured >= limit,
            Threshold::AtMost(limit) => measured <= limit,
            Threshold::Below(limit) => measured < limit,
        };
        if ok { "ok" } else { "**missed**" }
    }
}

fn targets(results: &BenchResults) -> Vec<Target> {
    use Threshold::{AtLeast, AtMost, Below};
    let reads = &results.reads;
    let share = |read: &crate::report::ReadComparison| {
        Some(read.server.ratio(&read.block, |sample| sample.per_second))
    };
    let growth = reads.list_large.server.ratio(&reads.list_small.server, |sample| sample.p99);
    let import = &results.import;
    let full = |value: f64| (!results.quick).then_some(value);
    let target = |what, threshold, measured, unit| Target { what, threshold, measured, unit };
    vec![
        target("list of 20, share of the reference", AtLeast(0.6), share(&reads.list_large), ""),
        target("get, share of the reference", AtLeast(0.6), share(&reads.get), ""),
        target("list's p99 at 100000 jobs beside 1000", AtMost(1.5), Some(growth), "×"),
        target(
            "creates from 64 clients beside the bare loop's commits",
            AtLeast(1.5),
            Some(results.writes.group_commit_ratio()),
            "×",
        ),
        target(
            "p99 of list and get during 50 sign-ins a second",
            Below(60.0),
            Some(results.login_load.under_load.p99),
            " ms",
        ),
        target("import of 100000 rows", AtMost(60.0), full(import.took.as_secs_f64()), " s"),
        target("memory at most during it", AtMost(200.0), import.peak.and_then(full), " MB"),
        target("memory, idle", Below(40.0), results.idle.map(|memory| memory.resident), " MB"),
        target("start", Below(300.0), Some(results.start), " ms"),
        target(
            "browser application, first load",
            Below(450.0),
            results.spa.map(|bytes| bytes as f64 / 1e3),
            " KB",
        ),
    ]
}

/// Renders the table of targets.
pub fn table(results: &BenchResults) -> String {
    let mut text = String::from("| target | wanted | measured | |\n|---|--:|--:|---|\n");
    for target in targets(results) {
        let unit = target.unit;
        let number = |value: f64| match value {
            value if value >= 10.0 => format!("{value:.0}{unit}"),
            value => format!("{value:.2}{unit}"),
        };
        let wanted = match target.threshold {
            Threshold::AtLeast(value) => format!("≥ {}", number(value)),
            Threshold::AtMost(value) => format!("≤ {}", number(value)),
            Threshold::Below(value) => format!("< {}", number(value)),
        };
        let measured = target.measured.map_or("–".to_owned(), number);
        let _ =
            writeln!(text, "| {} | {wanted} | {measured} | {} |", target.what, target.verdict());
    }
    text
}
