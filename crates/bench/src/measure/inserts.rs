//! Baseline of disk and SQLite: single-row commits at `synchronous=FULL`, and the sync latency.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use crate::Result;
use crate::measure::median;

/// Returns the commits per second of a loop that inserts one short row per commit.
///
/// # Errors
/// The database can not be written.
pub fn bare_commits_per_second(folder: &Path, length: Duration) -> Result<f64> {
    commits(&folder.join("bare.db"), length).map_err(|error| format!("the bare loop: {error}"))
}

fn commits(file: &Path, length: Duration) -> rusqlite::Result<f64> {
    let conn = Connection::open(file)?;
    conn.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         CREATE TABLE IF NOT EXISTS rows (id INTEGER PRIMARY KEY, text TEXT NOT NULL);",
    )?;
    let mut statement = conn.prepare("INSERT INTO rows (text) VALUES (?1)")?;
    let (started, mut count) = (Instant::now(), 0_u32);
    while started.elapsed() < length {
        statement.execute(["a row"])?;
        count += 1;
    }
    Ok(f64::from(count) / started.elapsed().as_secs_f64())
}

/// Returns the median time of an fdatasync of 4 KB, in milliseconds.
///
/// # Errors
/// The file can not be written.
pub fn sync_latency(folder: &Path) -> Result<f64> {
    let measure = || -> std::io::Result<f64> {
        let mut file = File::create(folder.join("sync.probe"))?;
        let mut times = Vec::new();
        for _ in 0..200 {
            file.write_all(&[7; 4096])?;
            let started = Instant::now();
            file.sync_data()?;
            times.push(started.elapsed().as_secs_f64() * 1e3);
        }
        Ok(median(times))
    };
    measure().map_err(|error| format!("the sync probe: {error}"))
}
