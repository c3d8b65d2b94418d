//! Leases: which server of an installation does what only one may do at a time.

use chrono::TimeDelta;
use db::tables::leases as table;
use db::{Backend, Conn, DbError, Tx};

use crate::error::Result;

/// Acquires or renews the lease `name` for `lifetime`; false while another server holds it.
///
/// A SQLite database has one server only: there the lease is always granted, and nobody waits for a
/// server that was killed.
pub fn acquire(tx: &mut Tx<'_>, name: &str, holder: &str, lifetime: TimeDelta) -> Result<bool> {
    if tx.conn().backend() == Backend::Sqlite {
        return Ok(true);
    }
    let now = tx.now();
    let until = (now + lifetime).naive_utc();
    Ok(table::acquire(tx.conn(), name, holder, now.naive_utc(), until)?)
}

/// Releases a lease, so that another server gets it at once.
pub fn release(tx: &mut Tx<'_>, name: &str, holder: &str) -> Result<()> {
    Ok(table::release(tx.conn(), name, holder)?)
}

/// Releases the claims of a process that is gone, when a server starts.
///
/// A SQLite database has one server only: whoever held a claim has ended, and nobody should wait until it
/// expires. On PostgreSQL the claims may be those of another server; there nothing is done.
pub fn release_after_restart(
    tx: &mut Tx<'_>,
    release_all: impl FnOnce(&mut Conn) -> std::result::Result<usize, DbError>,
) -> Result<usize> {
    match tx.conn().backend() {
        Backend::Sqlite => Ok(release_all(tx.conn())?),
        Backend::Postgres => Ok(0),
    }
}
