//! Connection pool for reads (and, on PostgreSQL, for writes).

use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use diesel::r2d2::R2D2Connection;
use r2d2::ManageConnection;
use shared::StorageFault;

use crate::config::DatabaseUrl;
use crate::conn::Conn;
use crate::error::DbError;

/// A connection that was used more recently than this is taken for alive: a round trip before each read would cost as
/// much as many reads themselves.
const CHECK_AFTER: Duration = Duration::from_secs(1);

/// Opens connections of the configured database for the pool.
#[derive(Debug)]
pub struct Manager {
    url: DatabaseUrl,
    /// Number of connections that were found broken.
    broken: AtomicU64,
}

/// A connection of the pool.
pub struct PoolConn {
    conn: Conn,
    /// When it was last known to be alive.
    alive_at: Instant,
    /// [`Manager::broken`] at the last check or when it was opened: when one connection is lost, the others are usually lost too.
    broken_before: u64,
}

impl Deref for PoolConn {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        &self.conn
    }
}

impl DerefMut for PoolConn {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.conn
    }
}

impl ManageConnection for Manager {
    type Connection = PoolConn;
    type Error = diesel::r2d2::Error;

    fn connect(&self) -> Result<PoolConn, Self::Error> {
        let broken_before = self.broken.load(Ordering::Relaxed);
        let conn = Conn::open(&self.url).map_err(diesel::r2d2::Error::ConnectionError)?;
        Ok(PoolConn { conn, alive_at: Instant::now(), broken_before })
    }

    fn is_valid(&self, pooled: &mut PoolConn) -> Result<(), Self::Error> {
        let broken = self.broken.load(Ordering::Relaxed);
        if pooled.alive_at.elapsed() < CHECK_AFTER && pooled.broken_before == broken {
            return Ok(());
        }
        match &mut pooled.conn {
            // A local file does not disconnect.
            Conn::Sqlite(_) => {}
            Conn::Postgres(pg) => pg.ping().map_err(diesel::r2d2::Error::QueryError)?,
        }
        pooled.alive_at = Instant::now();
        pooled.broken_before = broken;
        Ok(())
    }

    fn has_broken(&self, pooled: &mut PoolConn) -> bool {
        let broken = std::thread::panicking() || pooled.conn.is_broken();
        if broken {
            self.broken.fetch_add(1, Ordering::Relaxed);
        } else {
            pooled.alive_at = Instant::now();
        }
        broken
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
        .build(Manager { url: url.clone(), broken: AtomicU64::new(0) })
        .map_err(|error| DbError::Connection(error.to_string()))
}
