//! Which server delivers: the limits of a channel hold for all servers together.

use chrono::TimeDelta;
use db::Tx;
use db::tables::outbox;

use crate::error::Result;
use crate::lease;

const LEASE_NAME: &str = "telegram-delivery";
/// How long the others wait for a deliverer that does not come back.
const LEASE_DURATION: TimeDelta = TimeDelta::seconds(15);

/// Becomes or stays the server that delivers; false while another one does. A SQLite database has one
/// server only, and nothing to wait for after it was killed.
///
/// # Errors
/// The database fails.
pub fn acquire_leader_lease(tx: &mut Tx<'_>, holder: &str) -> Result<bool> {
    lease::acquire(tx, LEASE_NAME, holder, LEASE_DURATION)
}

/// Lets another server deliver.
///
/// # Errors
/// The database fails.
pub fn release_leader_lease(tx: &mut Tx<'_>, holder: &str) -> Result<()> {
    lease::release(tx, LEASE_NAME, holder)
}

/// What has to be done once before the first delivery: on SQLite, whatever was being delivered was
/// being delivered by a process that is gone.
///
/// # Errors
/// The database fails.
pub fn recover_interrupted(tx: &mut Tx<'_>) -> Result<usize> {
    let now = tx.now().naive_utc();
    lease::release_after_restart(tx, |conn| outbox::release_all_claims(conn, now))
}
