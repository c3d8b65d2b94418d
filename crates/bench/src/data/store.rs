//! Direct access of the driver to the server's databases.

use std::path::PathBuf;

use diesel::connection::SimpleConnection;
use diesel::sql_types::{BigInt, Text};
use diesel::{Connection as _, PgConnection, QueryableByName, RunQueryDsl};
use rusqlite::{Connection, OpenFlags};

use crate::Result;

/// Where a database is.
#[derive(Debug, Clone)]
pub enum Store {
    /// A file.
    Sqlite(PathBuf),
    /// A URL.
    Postgres(String),
}

#[derive(QueryableByName)]
struct NumberRow {
    #[diesel(sql_type = BigInt)]
    value: i64,
}

#[derive(QueryableByName)]
struct TextRow {
    #[diesel(sql_type = Text)]
    value: String,
}

impl Store {
    /// The server's `DATABASE_URL`.
    pub fn url(&self) -> String {
        match self {
            Store::Sqlite(file) => format!("sqlite://{}", file.display()),
            Store::Postgres(url) => url.clone(),
        }
    }

    /// Runs statements.
    ///
    /// # Errors
    /// The database refuses them.
    pub fn execute(&self, sql: &str) -> Result {
        match self {
            Store::Sqlite(_) => self.open_sqlite()?.execute_batch(sql).map_err(|e| e.to_string()),
            Store::Postgres(url) => connect(url)?.batch_execute(sql).map_err(|e| e.to_string()),
        }
    }

    /// Returns the column `value` of a query as numbers.
    ///
    /// # Errors
    /// The database refuses it.
    pub fn numbers(&self, sql: &str) -> Result<Vec<i64>> {
        let Store::Postgres(url) = self else { return self.sqlite_rows(sql) };
        let rows = diesel::sql_query(sql).load::<NumberRow>(&mut connect(url)?);
        let rows = rows.map_err(|error| format!("{sql}: {error}"))?;
        Ok(rows.into_iter().map(|row| row.value).collect())
    }

    /// Returns the column `value` of a query as texts.
    ///
    /// # Errors
    /// The database refuses it.
    pub fn texts(&self, sql: &str) -> Result<Vec<String>> {
        let Store::Postgres(url) = self else { return self.sqlite_rows(sql) };
        let rows = diesel::sql_query(sql).load::<TextRow>(&mut connect(url)?);
        let rows = rows.map_err(|error| format!("{sql}: {error}"))?;
        Ok(rows.into_iter().map(|row| row.value).collect())
    }

    /// Begins to read and does not end until the returned value is dropped; nothing on PostgreSQL.
    ///
    /// # Errors
    /// The database can not be read.
    pub fn begin_long_read(&self) -> Result<Option<Connection>> {
        if matches!(self, Store::Postgres(_)) {
            return Ok(None);
        }
        let conn = self.open_sqlite()?;
        let begin = "BEGIN; SELECT count(*) FROM settings;";
        conn.execute_batch(begin).map_err(|error| error.to_string())?;
        Ok(Some(conn))
    }

    /// The size of SQLite's write-ahead log in megabytes (10⁶ bytes).
    pub fn log_megabytes(&self) -> Option<f64> {
        let Store::Sqlite(file) = self else { return None };
        let mut log = file.clone().into_os_string();
        log.push("-wal");
        std::fs::metadata(log).ok().map(|log| log.len() as f64 / 1e6)
    }

    fn sqlite_rows<T: rusqlite::types::FromSql>(&self, sql: &str) -> Result<Vec<T>> {
        let conn = self.open_sqlite()?;
        let query = || -> rusqlite::Result<Vec<T>> {
            conn.prepare(sql)?.query_map([], |row| row.get("value"))?.collect()
        };
        query().map_err(|error| format!("{sql}: {error}"))
    }

    fn open_sqlite(&self) -> Result<Connection> {
        let Store::Sqlite(file) = self else { return Err("no SQLite database".into()) };
        let conn = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_WRITE);
        let conn = conn.map_err(|error| format!("{}: {error}", file.display()))?;
        conn.execute_batch("PRAGMA busy_timeout = 10000").map_err(|error| error.to_string())?;
        Ok(conn)
    }
}

/// Opens a connection to PostgreSQL.
///
/// # Errors
/// The server does not answer.
pub fn connect(url: &str) -> Result<PgConnection> {
    PgConnection::establish(url).map_err(|error| format!("{url}: {error}"))
}
