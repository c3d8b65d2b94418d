//! Leader lease of a channel: one server of an installation delivers, because the limits of a channel
//! hold for all servers together.

use chrono::TimeDelta;
use db::Tx;
use shared::notification::Channel;

use crate::error::Result;
use crate::lease;

/// How long the other servers wait for a leader that does not come back.
const LEASE_DURATION: TimeDelta = TimeDelta::seconds(15);

fn lease_name(channel: Channel) -> String {
    format!("{channel}-delivery")
}

/// Acquires or renews the lease; false while another server holds it.
pub fn acquire_leader_lease(tx: &mut Tx<'_>, channel: Channel, holder: &str) -> Result<bool> {
    lease::acquire(tx, &lease_name(channel), holder, LEASE_DURATION)
}

/// Releases the lease, so that another server can deliver at once.
pub fn release_leader_lease(tx: &mut Tx<'_>, channel: Channel, holder: &str) -> Result<()> {
    lease::release(tx, &lease_name(channel), holder)
}
