//! Seed data on SQLite.

use std::path::Path;

use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::ToSql;
use rusqlite::{Connection, Transaction};

use super::words::LISTS;
use super::{STEPS, Values, hash};
use crate::Result;

/// SQLite's default size, in bytes, of the hash table of a full-text index before it is flushed.
const DEFAULT_FTS_HASH_SIZE: u32 = 1 << 20;

/// Nobody needs the file if this is interrupted.
const FAST: &str = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
    PRAGMA cache_size = -400000; PRAGMA temp_store = FILE; PRAGMA foreign_keys = OFF;";
const SAFE: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    PRAGMA wal_checkpoint(TRUNCATE);";

/// Runs the statements.
pub fn fill(file: &Path, values: &Values) -> Result {
    let run = || -> rusqlite::Result<()> {
        let mut conn = Connection::open(file)?;
        conn.execute_batch(FAST)?;
        define_functions(&conn)?;
        let tx = conn.transaction()?;
        set_fts_hash_size(&tx, 64 << 20)?;
        let indexes = drop_indexes(&tx)?;
        for step in STEPS {
            tx.execute_batch(&values.insert_into(step.sql))?;
        }
        for index in indexes {
            tx.execute_batch(&index)?;
        }
        set_fts_hash_size(&tx, DEFAULT_FTS_HASH_SIZE)?;
        tx.commit()?;
        conn.execute_batch(SAFE)
    };
    let failed = |error: String| format!("filling {}: {error}", file.display());
    run().map_err(|error| failed(error.to_string()))?;
    // Otherwise the first commit that is measured waits until all of it is on the disk.
    std::fs::File::open(file)
        .and_then(|file| file.sync_all())
        .map_err(|error| failed(error.to_string()))
}

/// Sets the hash size of the full-text indexes. A larger one makes seeding faster.
fn set_fts_hash_size(tx: &Transaction<'_>, bytes: u32) -> rusqlite::Result<()> {
    let query =
        "SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%USING fts5 (%'";
    for table in texts(tx, query)? {
        let sql = format!("INSERT INTO {table} ({table}, rank) VALUES ('hashsize', {bytes})");
        tx.execute_batch(&sql)?;
    }
    Ok(())
}

/// Drops all indexes and returns the statements that create them again.
fn drop_indexes(tx: &Transaction<'_>) -> rusqlite::Result<Vec<String>> {
    let indexes = "FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL";
    let sql = texts(tx, &format!("SELECT sql {indexes}"))?;
    for name in texts(tx, &format!("SELECT name {indexes}"))? {
        tx.execute_batch(&format!("DROP INDEX {name}"))?;
    }
    Ok(sql)
}

fn texts(tx: &Transaction<'_>, query: &str) -> rusqlite::Result<Vec<String>> {
    tx.prepare(query)?.query_map([], |row| row.get(0))?.collect()
}

fn define_functions(conn: &Connection) -> rusqlite::Result<()> {
    define(conn, "seed_hash", 2, |context| Ok(hash(context.get(0)?, context.get(1)?)))?;
    define(conn, "seed_words", 1, |context| Ok(words(context.get_raw(0).as_str()?)))?;
    define(conn, "seed_ends", 2, |context| {
        Ok(ends(context.get_raw(0).as_str()?, context.get_raw(1).as_str()?))
    })?;
    define(conn, "seed_pad", 2, |context| {
        let (number, width): (i64, i64) = (context.get(0)?, context.get(1)?);
        Ok(format!("{number:0width$}", width = width as usize))
    })?;
    define(conn, "seed_hex", 1, |context| Ok(format!("{:08X}", context.get::<i64>(0)?)))?;
    define(conn, "seed_time", 1, |context| {
        Ok(format_time(context.get(0)?, "%Y-%m-%d %H:%M:%S.000000"))
    })?;
    define(conn, "seed_month", 1, |context| Ok(format_time(context.get(0)?, "%Y%m")))?;
    define(conn, "seed_mac", 0, |_| Ok(vec![0_u8; 32]))?;
    for list in LISTS {
        define(conn, list.function, 1, move |context| Ok(list.word(context.get(0)?)))?;
    }
    Ok(())
}

fn define<T: ToSql>(
    conn: &Connection,
    name: &str,
    arguments: i32,
    function: impl Fn(&Context<'_>) -> rusqlite::Result<T> + Send + 'static,
) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    conn.create_scalar_function(name, arguments, flags, move |context| function(context))
}

/// A time as the server stores it, or a part of it.
fn format_time(seconds: i64, format: &str) -> String {
    chrono::DateTime::from_timestamp(seconds, 0).unwrap_or_default().format(format).to_string()
}

/// Letters and digits in lower case, between blanks.
fn words(text: &str) -> String {
    let lower = text.to_lowercase();
    let words = lower.split(|sign: char| !sign.is_ascii_alphanumeric());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// What is left of a word from each character on, down to three characters.
fn ends(mark: &str, word: &str) -> String {
    let starts = 0..word.len().saturating_sub(2);
    starts.map(|start| format!("{mark}{}", &word[start..])).collect::<Vec<_>>().join(" ")
}
