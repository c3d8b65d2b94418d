//! Seed data: fills the server's database with the work of two years.
//!
//! The rows are made by the database itself, by the same statements on both databases (`sql/`), while no
//! server uses it. What the two databases write differently, and the lists of words, are functions with
//! the same names on both: [`sqlite`] and [`postgres`] define them. Indexes are dropped before and built
//! again afterwards, which takes a fraction of the time.

mod postgres;
mod sqlite;
mod words;

use std::time::{Duration, Instant};

use chrono::Utc;

use crate::Result;
use crate::data::{DataSet, Store};

/// Changes whenever the statements do, so that older data sets are not used any longer.
pub const VERSION: &str = "4-bench-data";
/// The end of every version.
pub const VERSION_SUFFIX: &str = "-bench-data";
/// The period that the jobs are spread over, in seconds.
const JOB_PERIOD: i64 = 730 * 24 * 3_600;

/// A statement and how it is run.
struct Step {
    sql: &'static str,
    /// Whether foreign keys are checked and triggers run for each row.
    checked: bool,
}

/// The statements, in this order. Jobs and customers are written with the triggers of the schema, which
/// maintain the search index.
const STEPS: [Step; 14] = [
    checked(include_str!("sql/plans.sql")),
    checked(include_str!("sql/users.sql")),
    checked(include_str!("sql/technicians.sql")),
    checked(include_str!("sql/technician_skills.sql")),
    checked(include_str!("sql/stock.sql")),
    checked(include_str!("sql/customers.sql")),
    checked(include_str!("sql/jobs.sql")),
    unchecked(include_str!("sql/job_technicians.sql")),
    unchecked(include_str!("sql/job_details.sql")),
    unchecked(include_str!("sql/timeline.sql")),
    unchecked(include_str!("sql/movements.sql")),
    unchecked(include_str!("sql/audit.sql")),
    unchecked(include_str!("sql/messages.sql")),
    checked(include_str!("sql/other_lists.sql")),
];

const fn checked(sql: &'static str) -> Step {
    Step { sql, checked: true }
}

const fn unchecked(sql: &'static str) -> Step {
    Step { sql, checked: false }
}

/// Fills a database that the server has just created; returns how long it took.
///
/// # Errors
/// The database does not have the schema that the statements expect.
pub fn fill(data: &DataSet) -> Result<Duration> {
    let started = Instant::now();
    let values = Values::of(data)?;
    match &data.store {
        Store::Sqlite(file) => sqlite::fill(file, &values)?,
        Store::Postgres(url) => postgres::fill(url, &values)?,
    }
    Ok(started.elapsed())
}

/// What the statements' placeholders stand for.
struct Values(Vec<(&'static str, i64)>);

impl Values {
    fn of(data: &DataSet) -> Result<Self> {
        let admin = "SELECT id AS value FROM users WHERE username = 'bench'";
        let admin = data.store.numbers(admin)?.pop().ok_or("the user account is missing")?;
        let jobs = i64::from(data.jobs);
        let customers = i64::from(data.customers());
        // The newest job was opened a minute ago.
        let now = Utc::now().timestamp() - 60;
        Ok(Self(vec![
            (":admin", admin),
            (":jobs", jobs),
            (":customers", customers),
            (":technicians", i64::from(data.technicians())),
            (":items", (jobs / 1_000).clamp(40, 400)),
            (":movements", jobs),
            // A week's work, and enough for the transitions.
            (":unfinished", (jobs / 100).max(100).min(jobs / 2)),
            // Messages are deleted after 90 days.
            (":messages", jobs * 90 / 730),
            (":begin", now - JOB_PERIOD),
            (":period", JOB_PERIOD),
            (":now", now),
        ]))
    }

    /// Puts the values into a statement.
    fn insert_into(&self, sql: &str) -> String {
        self.0
            .iter()
            .fold(sql.to_owned(), |text, (name, value)| text.replace(name, &value.to_string()))
    }
}

/// A number without order from `i` and the number of a column, the same on both databases.
const HASH_MODULUS: i64 = 2_147_483_647;

fn hash(i: i64, column: i64) -> i64 {
    let x = (i * 48_271 + column * 69_621 + 12_345) % HASH_MODULUS;
    let y = x * x % HASH_MODULUS;
    (y * 16_807 + column) % HASH_MODULUS
}

#[cfg(test)]
mod tests {
    use super::hash;

    #[test]
    fn the_hash_spreads_evenly_and_columns_are_independent() {
        let mut counts = [[0_u32; 10]; 10];
        for i in 0..10_000 {
            counts[(hash(i, 1) % 10) as usize][(hash(i, 2) % 10) as usize] += 1;
        }
        assert!(counts.iter().flatten().all(|count| (60..150).contains(count)), "{counts:?}");
    }
}
