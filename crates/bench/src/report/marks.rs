//! What was to be reached, and whether it was.

use std::fmt::Write;

use crate::report::Findings;

enum Wanted {
    AtLeast(f64),
    AtMost(f64),
    Below(f64),
}

struct Mark {
    what: &'static str,
    wanted: Wanted,
    /// `None` if it could not be measured here.
    reached: Option<f64>,
    unit: &'static str,
}

impl Mark {
    fn verdict(&self) -> &'static str {
        let Some(reached) = self.reached else { return "not measured" };
        let ok = match self.wanted {
            Wanted::AtLeast(mark) => reached >= mark,
            Wanted::AtMost(mark) => reached <= mark,
            Wanted::Below(mark) => reached < mark,
        };
        if ok { "ok" } else { "**missed**" }
    }
}

fn marks(findings: &Findings) -> Vec<Mark> {
    use Wanted::{AtLeast, AtMost, Below};
    let reads = &findings.reads;
    let share = |read: &crate::report::Read| {
        Some(read.server.ratio(&read.block, |sample| sample.per_second))
    };
    let growth = reads.list_large.server.ratio(&reads.list_small.server, |sample| sample.p99);
    let mark = |what, wanted, reached, unit| Mark { what, wanted, reached, unit };
    vec![
        mark("list of 20, share of the reference", AtLeast(0.6), share(&reads.list_large), ""),
        mark("get, share of the reference", AtLeast(0.6), share(&reads.get), ""),
        mark("list's p99 at 100000 jobs beside 1000", AtMost(1.5), Some(growth), "×"),
        mark(
            "creates from 64 clients beside the bare loop's commits",
            AtLeast(1.5),
            Some(findings.writes.grouping()),
            "×",
        ),
        mark(
            "p99 of list and get during 50 logins a second",
            Below(60.0),
            Some(findings.storm.stormy.p99),
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

/// The table of the marks.
pub fn table(findings: &Findings) -> String {
    let mut text = String::from("| mark | wanted | reached | |\n|---|--:|--:|---|\n");
    for mark in marks(findings) {
        let unit = mark.unit;
        let number = |value: f64| match value {
            value if value >= 10.0 => format!("{value:.0}{unit}"),
            value => format!("{value:.2}{unit}"),
        };
        let wanted = match mark.wanted {
            Wanted::AtLeast(value) => format!("≥ {}", number(value)),
            Wanted::AtMost(value) => format!("≤ {}", number(value)),
            Wanted::Below(value) => format!("< {}", number(value)),
        };
        let reached = mark.reached.map_or("–".to_owned(), number);
        let _ = writeln!(text, "| {} | {wanted} | {reached} | {} |", mark.what, mark.verdict());
    }
    text
}
