//! Connections for reading (and, on PostgreSQL, for writing too).

use std::time::Duration;

use diesel::r2d2::R2D2Connection;
use r2d2::ManageConnection;
use shared::StorageFault;

use crate::config::DatabaseUrl;
use crate::conn::Conn;
use crate::error::DbError;

/// Opens connections of the configured database for the pool.
#[derive(Debug)]
pub struct Manager {
    url: DatabaseUrl,
}

impl ManageConnection for Manager {
    type Connection = Conn;
    type Error = diesel::r2d2::Error;

    fn connect(&self) -> Result<Conn, Self::Error> {
        Conn::open(&self.url).map_err(diesel::r2d2::Error::ConnectionError)
    }

    fn is_valid(&self, conn: &mut Conn) -> Result<(), Self::Error> {
        match conn {
            // A file on this machine does not hang up: asking it before each use is wasted time.
            Conn::Sqlite(_) => Ok(()),
            Conn::Postgres(pg) => pg.ping().map_err(diesel::r2d2::Error::QueryError),
        }
    }

    fn has_broken(&self, conn: &mut Conn) -> bool {
        std::thread::panicking() || conn.is_broken()
    }
}

pub type Pool = r2d2::Pool<Manager>;

/// Why no connection was to be had. When none was free in time because others are at work, nothing is
/// wrong with the database: only this caller has to come again.
pub fn pool_error(error: &r2d2::Error) -> DbError {
    let text = error.to_string();
    match text.as_str() {
        "timed out waiting for connection" => {
            DbError::Storage { fault: StorageFault::Busy, cause: text }
        }
        _ => DbError::Connection(text),
    }
}

/// A pool of at most `size` connections, opened when they are first needed.
pub fn open(url: &DatabaseUrl, size: u32) -> Result<Pool, DbError> {
    r2d2::Pool::builder()
        .max_size(size)
        .min_idle(Some(1))
        .test_on_check_out(matches!(url, DatabaseUrl::Postgres(_)))
        .connection_timeout(Duration::from_secs(5))
        .build(Manager { url: url.clone() })
        .map_err(|error| DbError::Connection(error.to_string()))
}
