//! Tables of a part.

use std::fmt::Write;

use crate::measure::Samples;
use crate::plan::Part;
use crate::report::{Fact, RateRow, Results};

const RATES_HEAD: &str = "| what | database | jobs | clients | per second | p50 ms | p99 ms | growth of p50 | of p99 | reference/s | ratio |\n\
    |---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n";
const FACTS_HEAD: &str = "| what | database | jobs | measured |\n|---|---|--:|--:|\n";

/// Renders everything that was measured in a part.
pub fn of_part(results: &Results, part: Part) -> String {
    let mut text = format!("Measured on {}.", results.machine);
    if results.quick {
        text += " A quick run: it shows that everything works, not how fast it is.";
    }
    text += "\n";
    let rates: Vec<&RateRow> = results.rates.iter().filter(|row| row.part == part).collect();
    if !rates.is_empty() {
        let _ = write!(text, "\n{RATES_HEAD}");
        rates.iter().for_each(|row| text += &rate_line(row, &rates));
    }
    let facts: Vec<&Fact> = results.facts.iter().filter(|fact| fact.part == part).collect();
    if !facts.is_empty() {
        let _ = write!(text, "\n{FACTS_HEAD}");
        facts.iter().for_each(|fact| text += &fact_line(fact));
    }
    for (_, note) in results.notes.iter().filter(|(of, _)| *of == part) {
        let _ = write!(text, "\n{note}\n");
    }
    text
}

fn rate_line(row: &RateRow, all: &[&RateRow]) -> String {
    let RateRow { database, what, jobs, clients, server, reference, .. } = row;
    let growth = |of: fn(&Samples) -> f64| {
        smallest(row, all).map_or(String::new(), |first| format!("{:.2}×", of(server) / of(first)))
    };
    let (per_second, ratio) = reference.as_ref().map_or_else(Default::default, |reference| {
        let ratio = server.ratio(reference, |sample| sample.per_second);
        (format!("{:.0}", reference.per_second()), format!("{ratio:.2}"))
    });
    let refused = match server.refused() {
        0 => String::new(),
        count => format!(" ({count} refused)"),
    };
    format!(
        "| {what} | {database} | {jobs} | {clients} | {:.0}{refused} | {:.2} | {:.2} | {} | {} | {per_second} | {ratio} |\n",
        server.per_second(),
        server.p50(),
        server.p99(),
        growth(Samples::p50),
        growth(Samples::p99),
    )
}

/// The same kind of request on the smallest data set, unless this is it.
fn smallest<'a>(row: &RateRow, all: &[&'a RateRow]) -> Option<&'a Samples> {
    let same = all.iter().filter(|it| it.what == row.what && it.database == row.database);
    let first = same.min_by_key(|it| it.jobs)?;
    (first.jobs < row.jobs).then_some(&first.server)
}

fn fact_line(fact: &Fact) -> String {
    let Fact { database, what, jobs, value, unit, .. } = fact;
    let database = database.map_or(String::new(), |database| database.to_string());
    let jobs = jobs.map_or(String::new(), |jobs| jobs.to_string());
    let value = value.map_or("unknown".to_owned(), |value| format!("{} {unit}", number(value)));
    format!("| {what} | {database} | {jobs} | {value} |\n")
}

/// A figure with three digits or more.
fn number(value: f64) -> String {
    match value.abs() {
        large if large >= 100.0 => format!("{value:.0}"),
        medium if medium >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::Sample;
    use crate::plan::Database;

    fn row(jobs: u32, p99: f64) -> RateRow {
        RateRow {
            part: Part::Reads,
            database: Database::Sqlite,
            what: "get".into(),
            jobs,
            clients: 16,
            server: Samples(vec![Sample {
                per_second: 90.0,
                p50: 1.0,
                p99,
                answers: 9,
                refused: 0,
            }]),
            reference: Some(Samples(vec![Sample {
                per_second: 100.0,
                p50: 1.0,
                p99,
                answers: 9,
                refused: 0,
            }])),
        }
    }

    #[test]
    fn a_line_has_the_growth_from_the_smallest_data_set_and_the_ratio_to_the_reference() {
        let rows = [row(1_000, 2.0), row(100_000, 3.0)];
        let all: Vec<&RateRow> = rows.iter().collect();
        assert_eq!(
            rate_line(&rows[1], &all),
            "| get | SQLite | 100000 | 16 | 90 | 1.00 | 3.00 | 1.00× | 1.50× | 100 | 0.90 |\n"
        );
        assert!(rate_line(&rows[0], &all).contains("| 2.00 |  |  | 100 |"));
    }
}
