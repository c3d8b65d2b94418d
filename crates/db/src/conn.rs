//! Database connection of either backend.

use std::path::Path;

use diesel::connection::SimpleConnection;
use diesel::{ConnectionResult, PgConnection, SqliteConnection};

use diesel::prelude::*;
use shared::StorageFault;

use crate::config::DatabaseUrl;
use crate::error::DbError;

/// A connection to whichever database was configured.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// The backend in the sense of diesel that stands for either.
pub(crate) type AnyBackend = <Conn as Connection>::Backend;

/// Which of the two databases a connection talks to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    Sqlite,
    Postgres,
}

/// busy_timeout comes first: the switch to WAL may itself have to wait. FULL keeps an
/// acknowledged write across a power cut.
const SQLITE_PRAGMAS: &str = "PRAGMA busy_timeout = 5000;
     PRAGMA journal_mode = WAL;
     PRAGMA synchronous = FULL;
     PRAGMA foreign_keys = ON;
     PRAGMA cache_size = -4000;
     PRAGMA temp_store = MEMORY;";

/// For many short statements: compiling one, or starting other processes for it, takes longer than running it. With the
/// usual 4 MB the rows of a common word do not fit into a bitmap, so that the words of many rows are split again.
const POSTGRES_SETTINGS: &str =
    "SET jit = off; SET max_parallel_workers_per_gather = 0; SET work_mem = '16MB'";

impl Conn {
    /// Opens a connection and sets it up.
    ///
    /// # Errors
    /// The database can not be reached or opened.
    pub fn open(url: &DatabaseUrl) -> ConnectionResult<Self> {
        match url {
            DatabaseUrl::Sqlite(path) => Self::open_sqlite(path),
            DatabaseUrl::Postgres(url) => {
                let mut conn = PgConnection::establish(url)?;
                conn.batch_execute(POSTGRES_SETTINGS)
                    .map_err(diesel::ConnectionError::CouldntSetupConfiguration)?;
                Ok(Conn::Postgres(conn))
            }
        }
    }

    /// Fails if the database takes no changes: a standby, or a database that was set to read-only.
    pub(crate) fn check_writable(&mut self) -> Result<(), DbError> {
        let read_only = match self {
            Conn::Sqlite(conn) => {
                conn.batch_execute("SELECT 1 FROM settings LIMIT 1")?;
                false
            }
            Conn::Postgres(conn) => {
                let asked = "current_setting('transaction_read_only') = 'on'";
                diesel::select(diesel::dsl::sql::<diesel::sql_types::Bool>(asked))
                    .get_result(conn)?
            }
        };
        if read_only {
            let cause = "the database takes no changes (read-only, or a standby)".to_owned();
            return Err(DbError::Storage { fault: StorageFault::ReadOnly, cause });
        }
        Ok(())
    }

    fn open_sqlite(path: &Path) -> ConnectionResult<Self> {
        let bad = |why: String| diesel::ConnectionError::BadConnection(why);
        let name = path.to_str().ok_or_else(|| bad("the path is not UTF-8".into()))?;
        let mut conn = SqliteConnection::establish(name)?;
        conn.batch_execute(SQLITE_PRAGMAS)
            .map_err(diesel::ConnectionError::CouldntSetupConfiguration)?;
        Ok(Conn::Sqlite(conn))
    }

    /// Returns the backend of this connection.
    pub fn backend(&self) -> Backend {
        match self {
            Conn::Sqlite(_) => Backend::Sqlite,
            Conn::Postgres(_) => Backend::Postgres,
        }
    }
}
