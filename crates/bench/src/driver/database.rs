//! Direct access of the driver to the server's databases.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};
use shared::{CustomerId, JobId};

use crate::Result;

/// Merges the write-ahead log into the file, after the server has ended.
///
/// # Errors
/// The database can not be written.
pub fn checkpoint(database: &Path) -> Result {
    let close = || Connection::open(database)?.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)");
    close().map_err(|error: rusqlite::Error| error.to_string())
}

/// Returns jobs spread over the whole table.
///
/// # Errors
/// The database can not be read.
pub fn sample_jobs(database: &Path, count: usize) -> Result<Vec<JobId>> {
    let sql = "SELECT id FROM jobs ORDER BY id * 7919 % 100003 LIMIT ?1";
    rows(database, sql, count, |row| row.get(0).map(JobId))
}

/// Returns jobs that are assigned and not accepted yet.
///
/// # Errors
/// The database can not be read.
pub fn assigned_jobs(database: &Path, count: usize) -> Result<Vec<JobId>> {
    let sql = "SELECT id FROM jobs WHERE status = 'assigned' ORDER BY id LIMIT ?1";
    rows(database, sql, count, |row| row.get(0).map(JobId))
}

/// Returns customers spread over the whole table.
///
/// # Errors
/// The database can not be read.
pub fn sample_customers(database: &Path, count: usize) -> Result<Vec<CustomerId>> {
    let sql = "SELECT id FROM customers ORDER BY id * 7919 % 100003 LIMIT ?1";
    rows(database, sql, count, |row| row.get(0).map(CustomerId))
}

/// Returns search queries: alternately a name and the first digits of a phone number.
///
/// # Errors
/// The database can not be read.
pub fn sample_search_words(database: &Path, count: usize) -> Result<Vec<String>> {
    let sql = "SELECT CASE id % 2 WHEN 0 THEN lower(name) ELSE substr(phone, 4, 7) END
               FROM customers ORDER BY id * 7919 % 100003 LIMIT ?1";
    rows(database, sql, count, |row| row.get(0))
}

fn rows<T>(
    database: &Path,
    sql: &str,
    count: usize,
    read: impl Fn(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>> {
    let query = || -> rusqlite::Result<Vec<T>> {
        let conn = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        conn.prepare(sql)?.query_map([count as i64], |row| read(row))?.collect()
    };
    query().map_err(|error| format!("{}: {error}", database.display()))
}
