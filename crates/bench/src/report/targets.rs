//! Performance targets and whether they were met.

use std::fmt::Write;

use crate::measure::Samples;
use crate::plan::{Database, Part};
use crate::report::{RateRow, Results};

/// The sizes that the targets speak of.
const SMALL: u32 = 1_000;
const MEDIUM: u32 = 100_000;
const LARGE: u32 = 1_000_000;

enum Threshold {
    AtLeast(f64),
    AtMost(f64),
}

/// A target and how it was met in this run.
struct Target {
    what: String,
    threshold: Threshold,
    unit: &'static str,
    /// `None` if this run has not measured it. The text says where the value is from.
    measured: Option<(f64, String)>,
}

impl Target {
    fn line(&self) -> String {
        let number = |value: f64| match value {
            value if value >= 10.0 => format!("{value:.0}{}", self.unit),
            value => format!("{value:.2}{}", self.unit),
        };
        let wanted = match self.threshold {
            Threshold::AtLeast(value) => format!("≥ {}", number(value)),
            Threshold::AtMost(value) => format!("≤ {}", number(value)),
        };
        let (measured, verdict) = match &self.measured {
            None => ("–".to_owned(), "not measured"),
            Some((value, whose)) => {
                let ok = match self.threshold {
                    Threshold::AtLeast(limit) => *value >= limit,
                    Threshold::AtMost(limit) => *value <= limit,
                };
                let whose = if whose.is_empty() { String::new() } else { format!(" ({whose})") };
                (format!("{}{whose}", number(*value)), if ok { "ok" } else { "**missed**" })
            }
        };
        format!("| {} | {wanted} | {measured} | {verdict} |\n", self.what)
    }
}

/// Renders the table of targets. What this run has not measured is taken from `old`, the table as it was;
/// it is left out if there is none.
pub fn table(results: &Results, old: &str) -> String {
    let mut text = String::from("| target | wanted | measured | |\n|---|--:|--:|---|\n");
    for target in targets(results) {
        let start = format!("| {} |", target.what);
        let kept = old.lines().find(|line| line.starts_with(&start));
        match kept.filter(|_| target.measured.is_none()) {
            Some(line) => {
                let _ = writeln!(text, "{line}");
            }
            None if target.measured.is_none() && old.is_empty() => {}
            None => text += &target.line(),
        }
    }
    text
}

fn targets(results: &Results) -> Vec<Target> {
    let mut all = Vec::new();
    for database in [Database::Sqlite, Database::Postgres] {
        all.extend(reads(results, database));
        all.extend(search(results, database));
        all.push(lists(results, database));
        all.extend(writes(results, database));
    }
    all.extend(waits(results));
    all.extend(process(results));
    all
}

fn reads(results: &Results, database: Database) -> Vec<Target> {
    ["list of 20", "get"]
        .map(|what| Target {
            what: format!("{database}: {what}, share of the reference, any size"),
            threshold: Threshold::AtLeast(0.85),
            unit: "",
            measured: worst(
                rates(results, Part::Reads, database).filter(|row| row.what == what),
                true,
                |row| Some(row.server.ratio(row.reference.as_ref()?, |sample| sample.per_second)),
            ),
        })
        .into()
}

fn search(results: &Results, database: Database) -> Vec<Target> {
    let at = |jobs| rates(results, Part::Search, database).filter(move |row| row.jobs == jobs);
    let target = |what: &str, limit, unit, measured| Target {
        what: format!("{database}: search, {what}, the slowest kind"),
        threshold: Threshold::AtMost(limit),
        unit,
        measured,
    };
    vec![
        target("p50 at 1000000", 5.0, " ms", worst(at(LARGE), false, |row| Some(row.server.p50()))),
        target(
            "p99 at 1000000",
            25.0,
            " ms",
            worst(at(LARGE), false, |row| Some(row.server.p99())),
        ),
        target(
            "growth of p99 from 100000 to 1000000",
            1.5,
            "×",
            worst(at(LARGE), false, |row| growth(results, row, MEDIUM, Samples::p99)),
        ),
    ]
}

fn lists(results: &Results, database: Database) -> Target {
    let largest = rates(results, Part::Lists, database).filter(|row| row.jobs == LARGE);
    let measured = worst(largest, false, |row| growth(results, row, SMALL, Samples::p99));
    Target {
        what: format!("{database}: lists, growth of p99 from 1000 to 1000000, the worst"),
        threshold: Threshold::AtMost(1.3),
        unit: "×",
        measured,
    }
}

fn writes(results: &Results, database: Database) -> Vec<Target> {
    let (what, shown, limit) = match database {
        Database::Postgres => ("create", "creates from 64 clients", 2_500.0),
        Database::Sqlite => ("transition", "transitions from 16 clients", 6_000.0),
    };
    let largest = rates(results, Part::Writes, database)
        .filter(|row| row.what == what)
        .max_by_key(|row| row.jobs);
    vec![Target {
        what: format!("{database}: {shown}"),
        threshold: Threshold::AtLeast(limit),
        unit: "/s",
        measured: largest.map(|row| (row.server.per_second(), format!("{} jobs", row.jobs))),
    }]
}

/// Waits in situations that last.
fn waits(results: &Results) -> Vec<Target> {
    let target = |what: &str, row: &str, clients: Option<usize>, limit| {
        let rows = results.rates.iter().filter(|it| it.what == row);
        let rows = rows.filter(|it| clients.is_none_or(|clients| it.clients == clients));
        Target {
            what: format!("p99 of {what}"),
            threshold: Threshold::AtMost(limit),
            unit: " ms",
            measured: worst(rows, false, |it| Some(it.server.p99())),
        }
    };
    let (mix, logins) = ("open mix at 1000 requests a second", "lists and gets during sign-ins");
    vec![
        target(mix, mix, None, 8.0),
        target("a change's arrival at 5000 browsers", "arrival of a change", Some(5_000), 60.0),
        target("list and get during 50 sign-ins a second", logins, None, 60.0),
    ]
}

/// Memory and time of the process as a whole.
fn process(results: &Results) -> Vec<Target> {
    let target = |what: &str, of: &str, jobs: Option<u32>, limit, unit| Target {
        what: what.to_owned(),
        threshold: Threshold::AtMost(limit),
        unit,
        measured: largest_fact(results, of, jobs),
    };
    let import = "import of 100000 customers";
    let at_most = format!("memory at most during the {import}");
    let (clean, first_load) =
        ("start until ready, after a clean stop", "browser application, first load");
    vec![
        target(import, import, None, 60.0, " s"),
        target("memory at most during it", &at_most, None, 200.0, " MB"),
        target("memory with 5000 browsers", "memory with 5000 browsers", None, 120.0, " MB"),
        target("memory, idle, at 1000000", "memory, idle", Some(LARGE), 30.0, " MB"),
        target(
            "memory after a mixed load, at 1000000",
            "memory after a mixed load",
            Some(LARGE),
            90.0,
            " MB",
        ),
        target("start, after a clean stop", clean, None, 300.0, " ms"),
        target(first_load, first_load, None, 200.0, " KB"),
    ]
}

/// The largest value of a figure, and on which database it is.
fn largest_fact(results: &Results, what: &str, jobs: Option<u32>) -> Option<(f64, String)> {
    let found = results.facts.iter().filter(|fact| fact.what == what);
    let found = found.filter(|fact| jobs.is_none() || fact.jobs == jobs);
    let values = found.filter_map(|fact| Some((fact.value?, fact)));
    let (value, fact) = values.max_by(|(a, _), (b, _)| a.total_cmp(b))?;
    let database = fact.database.map_or(String::new(), |database| database.to_string());
    Some((value, fact.jobs.map_or(database.clone(), |jobs| format!("{database}, {jobs} jobs"))))
}

fn rates(results: &Results, part: Part, database: Database) -> impl Iterator<Item = &RateRow> {
    results.rates.iter().filter(move |row| row.part == part && row.database == database)
}

/// The worst value of some rows, and which row it is.
fn worst<'a>(
    rows: impl Iterator<Item = &'a RateRow>,
    smallest: bool,
    value: impl Fn(&RateRow) -> Option<f64>,
) -> Option<(f64, String)> {
    let sign = if smallest { -1.0 } else { 1.0 };
    let values = rows.filter_map(|row| Some((value(row)?, row)));
    let (value, row) = values.max_by(|(a, _), (b, _)| (sign * a).total_cmp(&(sign * b)))?;
    Some((value, format!("{}, {} jobs", row.what, row.jobs)))
}

/// How much a value grows from the data set of so many jobs to that of the row.
fn growth(results: &Results, row: &RateRow, from: u32, of: fn(&Samples) -> f64) -> Option<f64> {
    let mut same = rates(results, row.part, row.database);
    let first = same.find(|it| it.what == row.what && it.jobs == from)?;
    Some(of(&row.server) / of(&first.server))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::Machine;
    use crate::report::Fact;

    fn results(idle: Option<f64>) -> Results {
        let mut results = Results::new(false, Machine::unknown());
        results.facts.extend(idle.map(|value| Fact {
            part: Part::Memory,
            database: Some(Database::Sqlite),
            what: "memory, idle".into(),
            jobs: Some(LARGE),
            value: Some(value),
            unit: "MB",
        }));
        results
    }

    #[test]
    fn a_measured_target_is_met_or_missed() {
        let line = |idle| table(&results(Some(idle)), "");
        assert!(line(29.0).contains("| ≤ 30 MB | 29 MB (SQLite, 1000000 jobs) | ok |"));
        assert!(line(31.0).contains("| **missed** |"));
    }

    #[test]
    fn what_was_not_measured_stays_as_it_was() {
        let old = "| memory, idle, at 1000000 | ≤ 30 MB | 12 MB | ok |";
        assert!(table(&results(None), old).contains(old));
        assert!(!table(&results(Some(20.0)), old).contains(old));
        assert!(table(&results(None), "\n").contains("| not measured |"));
    }
}
