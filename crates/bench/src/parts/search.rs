//! Searches for jobs and customers, by kind of query.

use crate::Result;
use crate::bench::Bench;
use crate::data::{DataSet, samples};
use crate::parts::{PathKind, measure_paths};
use crate::plan::{Database, Part, READERS};
use crate::report::Results;
use crate::requests::PAGE;

/// Different queries of one kind.
const DISTINCT_QUERIES: usize = 200;

/// What is searched for.
#[derive(Clone, Copy)]
enum Target {
    Jobs,
    Customers,
}

/// How the words of a query are found: a column of the rows that are searched.
struct QueryKind {
    what: &'static str,
    words: Words,
}

enum Words {
    /// These.
    Fixed(&'static [&'static str]),
    /// An expression over the customers of a data set, with a condition on them.
    OfCustomers(&'static str, &'static str),
    /// An expression over the searched rows.
    OfNumbers(&'static str),
}

const KINDS: [QueryKind; 8] = [
    QueryKind {
        what: "a common name",
        words: Words::Fixed(&["santoso", "sleman", "budi", "bantul"]),
    },
    QueryKind {
        what: "a rare name",
        words: Words::OfCustomers("lower(substr(name, length(name) - 6))", "id % 10 = 7"),
    },
    QueryKind {
        what: "first digits of a phone number",
        words: Words::OfCustomers("'0' || substr(phone, 4, 7)", "1 = 1"),
    },
    QueryKind {
        what: "last digits of a phone number",
        words: Words::OfCustomers("substr(phone, length(phone) - 3)", "1 = 1"),
    },
    QueryKind { what: "a number", words: Words::OfNumbers("number") },
    QueryKind {
        what: "beginning of a number",
        words: Words::OfNumbers("substr(number, 1, length(number) - 3)"),
    },
    QueryKind { what: "two words", words: Words::OfCustomers("lower(name)", "1 = 1") },
    QueryKind {
        what: "nothing found",
        words: Words::Fixed(&["osotnas", "santoso zyzzyva", "0999999999999"]),
    },
];

/// Measures every kind of query for all sizes.
pub fn measure(bench: &mut Bench, database: Database, results: &mut Results) -> Result {
    let servers = bench.serve_all_sizes(database)?;
    let mut kinds = Vec::new();
    for target in [Target::Jobs, Target::Customers] {
        for kind in &KINDS {
            let what = format!("{}: {}", target.name(), kind.what);
            kinds.push(PathKind::new(&what, &servers, |data| paths(data, target, &kind.words))?);
        }
    }
    measure_paths(bench, Part::Search, &servers, READERS, kinds, results)
}

impl Target {
    const fn name(self) -> &'static str {
        match self {
            Target::Jobs => "jobs",
            Target::Customers => "customers",
        }
    }

    /// The number of rows of a data set.
    const fn rows(self, data: &DataSet) -> u32 {
        match self {
            Target::Jobs => data.jobs,
            Target::Customers => data.customers(),
        }
    }
}

fn paths(data: &DataSet, target: Target, words: &Words) -> Result<Vec<String>> {
    let queries = match words {
        Words::Fixed(words) => words.iter().map(|word| (*word).to_owned()).collect(),
        Words::OfCustomers(expression, condition) => {
            sample(data, Target::Customers, expression, condition)?
        }
        Words::OfNumbers(expression) => sample(data, target, expression, "1 = 1")?,
    };
    let path = |query: &String| {
        format!("/api/{}?limit={PAGE}&q={}", target.name(), query.replace(' ', "+"))
    };
    Ok(queries.iter().map(path).collect())
}

fn sample(
    data: &DataSet,
    target: Target,
    expression: &str,
    condition: &str,
) -> Result<Vec<String>> {
    // More than are needed, because the condition may hold for one of ten.
    let ids = samples::spread(target.rows(data), DISTINCT_QUERIES * 20);
    let ids = ids.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
    data.store.texts(&format!(
        "SELECT {expression} AS value FROM {} WHERE id IN ({ids}) AND {condition}
         ORDER BY id * 7919 % 10007 LIMIT {DISTINCT_QUERIES}",
        target.name()
    ))
}
