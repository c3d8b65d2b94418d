//! Which server delivers: the limits of a channel hold for all servers together.

use chrono::TimeDelta;
use db::Tx;
use db::tables::leases;

use crate::error::Result;

const LEASE: &str = "telegram-delivery";
/// How long the others wait for a deliverer that does not come back.
const LIFETIME: TimeDelta = TimeDelta::seconds(15);

/// Becomes or stays the server that delivers; false while another one does.
///
/// # Errors
/// The database fails.
pub fn lead(tx: &mut Tx<'_>, holder: &str) -> Result<bool> {
    let now = tx.now();
    let until = (now + LIFETIME).naive_utc();
    Ok(leases::take(tx.conn(), LEASE, holder, now.naive_utc(), until)?)
}

/// Lets another server deliver.
///
/// # Errors
/// The database fails.
pub fn step_down(tx: &mut Tx<'_>, holder: &str) -> Result<()> {
    Ok(leases::release(tx.conn(), LEASE, holder)?)
}
