//! One connection type for both databases.

use std::path::Path;

use diesel::connection::SimpleConnection;
use diesel::{Connection, ConnectionResult, PgConnection, SqliteConnection};

use crate::config::DatabaseUrl;

/// A connection to whichever database was configured.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// Which of the two databases a connection talks to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    Sqlite,
    Postgres,
}

/// busy_timeout comes first: the switch to WAL may itself have to wait. FULL keeps an
/// acknowledged write across a power cut.
const SQLITE_PRAGMAS: &str = "PRAGMA busy_timeout = 10000;
     PRAGMA journal_mode = WAL;
     PRAGMA synchronous = FULL;
     PRAGMA foreign_keys = ON;
     PRAGMA cache_size = -4000;
     PRAGMA temp_store = MEMORY;";

impl Conn {
    /// Opens a connection and sets it up.
    ///
    /// # Errors
    /// The database can not be reached or opened.
    pub fn open(url: &DatabaseUrl) -> ConnectionResult<Self> {
        match url {
            DatabaseUrl::Sqlite(path) => Self::open_sqlite(path),
            DatabaseUrl::Postgres(url) => Ok(Conn::Postgres(PgConnection::establish(url)?)),
        }
    }

    fn open_sqlite(path: &Path) -> ConnectionResult<Self> {
        let bad = |why: String| diesel::ConnectionError::BadConnection(why);
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder)
                .map_err(|e| bad(format!("{}: {e}", folder.display())))?;
        }
        let name = path.to_str().ok_or_else(|| bad("the path is not UTF-8".into()))?;
        let mut conn = SqliteConnection::establish(name)?;
        conn.batch_execute(SQLITE_PRAGMAS)
            .map_err(diesel::ConnectionError::CouldntSetupConfiguration)?;
        Ok(Conn::Sqlite(conn))
    }

    /// Which database this is.
    pub fn backend(&self) -> Backend {
        match self {
            Conn::Sqlite(_) => Backend::Sqlite,
            Conn::Postgres(_) => Backend::Postgres,
        }
    }
}
