//! Leases: which server of an installation does what only one may do at a time.

use chrono::TimeDelta;
use db::tables::leases as table;
use db::{Backend, Tx};

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
