//! Seed data: fills the server's database with the work of two years.
//!
//! Everything is inserted in one transaction while no server has the file open. The rows are the ones that
//! the server itself would have written; triggers of the schema maintain the search index.

mod jobs;
mod people;
mod random;

use std::collections::HashMap;
use std::path::Path;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, Transaction};

use crate::Result;
use random::Random;

/// Jobs per customer on average.
const JOBS_PER_CUSTOMER: u32 = 3;
/// Number of technicians.
const TECHNICIANS: u32 = 40;
/// SQLite's default size, in bytes, of the hash table of a full-text index before it is flushed.
const DEFAULT_FTS_HASH_SIZE: u32 = 1 << 20;
/// The period that the jobs are spread over.
const JOB_PERIOD: TimeDelta = TimeDelta::days(730);

/// Adds so many jobs with their customers and technicians; returns how long it took.
///
/// # Errors
/// The file is not a migrated database of the server.
pub fn seed_database(database: &Path, jobs: u32) -> Result<Duration> {
    let started = Instant::now();
    in_one_transaction(database, jobs).map_err(|error| format!("filling the database: {error}"))?;
    Ok(started.elapsed())
}

fn in_one_transaction(database: &Path, count: u32) -> rusqlite::Result<()> {
    let mut conn = Connection::open(database)?;
    conn.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
         PRAGMA cache_size = -256000;",
    )?;
    let tx = conn.transaction()?;
    set_fts_hash_size(&tx, 64 << 20)?;
    let mut world = SeedContext {
        // The newest job was opened a minute ago.
        now: Utc::now() - TimeDelta::minutes(1),
        admin: tx
            .query_row("SELECT id FROM users WHERE username = 'bench'", [], |row| row.get(0))?,
        random: Random::new(u64::from(count)),
        numbers: HashMap::new(),
    };
    let technicians = people::technicians(&tx, &mut world, TECHNICIANS)?;
    let customers = people::customers(&tx, &mut world, (count / JOBS_PER_CUSTOMER).max(1))?;
    jobs::insert(&tx, &mut world, count, &customers, &technicians)?;
    world.store_counters(&tx)?;
    set_fts_hash_size(&tx, DEFAULT_FTS_HASH_SIZE)?;
    tx.commit()?;
    conn.execute_batch("PRAGMA wal_checkpoint(TRUNCATE);")
}

/// Sets the hash size of the full-text indexes. A larger one makes seeding faster.
fn set_fts_hash_size(tx: &Transaction<'_>, bytes: u32) -> rusqlite::Result<()> {
    for table in ["customers_fts", "jobs_fts"] {
        let sql = format!("INSERT INTO {table} ({table}, rank) VALUES ('hashsize', ?1)");
        tx.execute(&sql, [bytes])?;
    }
    Ok(())
}

/// State shared by all inserts.
struct SeedContext {
    now: DateTime<Utc>,
    admin: i64,
    random: Random,
    /// Last number of each series.
    numbers: HashMap<String, u32>,
}

impl SeedContext {
    /// Returns the next number of a series.
    fn next_number(&mut self, series: &str) -> u32 {
        let last = self.numbers.entry(series.to_owned()).or_default();
        *last += 1;
        *last
    }

    /// Stores the counters, so that the server continues after the last numbers.
    fn store_counters(&self, tx: &Transaction<'_>) -> rusqlite::Result<()> {
        let sql = "INSERT INTO counters (name, value) VALUES (?1, ?2)
                   ON CONFLICT (name) DO UPDATE SET value = counters.value + excluded.value";
        let mut statement = tx.prepare(sql)?;
        for (series, last) in &self.numbers {
            statement.execute((series, last))?;
        }
        Ok(())
    }
}

/// Formats a time as the server stores it.
fn format_time(time: DateTime<Utc>) -> String {
    time.format("%Y-%m-%d %H:%M:%S%.6f").to_string()
}
