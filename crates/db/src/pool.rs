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
    /// Number of uses of a connection that failed.
    failures: AtomicU64,
}

/// A connection of the pool.
pub struct PoolConn {
    conn: Conn,
    /// When it last worked; `None` while it is used.
    worked_at: Option<Instant>,
    /// Whether it was checked, or opened, for this use.
    checked: bool,
    /// [`Manager::failures`] at the last check: when one connection is lost, the others are usually lost too.
    failures_before: u64,
}

impl PoolConn {
    /// Whether it was known to work at the start of this use, rather than taken for alive.
    pub fn is_checked(&self) -> bool {
        self.checked
    }

    /// To be called after a use without a storage fault. Otherwise the connection is checked before its next use.
    pub fn confirm_works(&mut self) {
        self.worked_at = Some(Instant::now());
    }
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
        let failures_before = self.failures.load(Ordering::Relaxed);
        let conn = Conn::open(&self.url).map_err(diesel::r2d2::Error::ConnectionError)?;
        Ok(PoolConn { conn, worked_at: Some(Instant::now()), checked: true, failures_before })
    }

    fn is_valid(&self, pooled: &mut PoolConn) -> Result<(), Self::Error> {
        let failures = self.failures.load(Ordering::Relaxed);
        let recent = pooled.worked_at.take().is_some_and(|at| at.elapsed() < CHECK_AFTER);
        pooled.checked = !recent || pooled.failures_before != failures;
        if !pooled.checked {
            return Ok(());
        }
        pooled.failures_before = failures;
        match &mut pooled.conn {
            // A local file does not disconnect.
            Conn::Sqlite(_) => Ok(()),
            Conn::Postgres(pg) => pg.ping().map_err(diesel::r2d2::Error::QueryError),
        }
    }

    fn has_broken(&self, pooled: &mut PoolConn) -> bool {
        let broken = std::thread::panicking() || pooled.conn.is_broken();
        if broken || pooled.worked_at.is_none() {
            self.failures.fetch_add(1, Ordering::Relaxed);
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
        .build(Manager { url: url.clone(), failures: AtomicU64::new(0) })
        .map_err(|error| DbError::Connection(error.to_string()))
}
