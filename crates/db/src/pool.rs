//! Connection pool for reads (and, on PostgreSQL, for writes).

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
            // A local file does not disconnect: a check before each use would be wasted time.
            Conn::Sqlite(_) => Ok(()),
            Conn::Postgres(pg) => pg.ping().map_err(diesel::r2d2::Error::QueryError),
        }
    }

    fn has_broken(&self, conn: &mut Conn) -> bool {
        std::thread::panicking() || conn.is_broken()
    }
}

pub type Pool = r2d2::Pool<Manager>;

/// Converts a pool error. A timeout because all connections are in use is no database fault: only this
/// caller has to retry.
pub fn pool_error(error: &r2d2::Error) -> DbError {
    let text = error.to_string();
    match text.as_str() {
        "timed out waiting for connection" => {
            DbError::Storage { fault: StorageFault::Busy, cause: text }
        }
        _ => DbError::Connection(text),
    }
}

/// Creates a pool of at most `size` connections, which are opened on demand.
pub fn open(url: &DatabaseUrl, size: u32) -> Result<Pool, DbError> {
    r2d2::Pool::builder()
        .max_size(size)
        .min_idle(Some(1))
        .test_on_check_out(matches!(url, DatabaseUrl::Postgres(_)))
        .connection_timeout(Duration::from_secs(5))
        .build(Manager { url: url.clone() })
        .map_err(|error| DbError::Connection(error.to_string()))
}
