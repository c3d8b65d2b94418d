//! Repair of stored times that a clock running ahead has left in the future.
//!
//! When the machine's clock runs ahead and is set back, times far in the future stand in the database:
//! leases, pauses of deliveries and used codes would hold until then. (Waits at the sign-in are limited
//! where they are read.) None of these times is ever legitimately further ahead than the limits here, so
//! those that are further ahead are reset.

use chrono::TimeDelta;
use db::Tx;
use db::tables::{leases, outbox, second_factors, telegram_updates};

use crate::auth::second_factor;
use crate::error::Result;

/// Further ahead than any lease and any pause of a delivery; a longer pause that
/// Telegram has asked for is asked for again.
const MAX_FUTURE: TimeDelta = TimeDelta::hours(1);

/// Brings back what is too far in the future; gives how much that was.
///
/// # Errors
/// [`crate::Error::Db`].
pub fn repair(tx: &mut Tx<'_>) -> Result<usize> {
    let now = tx.now().naive_utc();
    let latest = now + MAX_FUTURE;
    let newest_step = second_factor::newest_step(tx.now());
    let conn = tx.conn();
    let repaired = leases::delete_beyond(conn, latest)?
        + telegram_updates::release_beyond(conn, latest)?
        + outbox::clamp_future_times(conn, latest, now)?
        + second_factors::reset_steps_after(conn, newest_step)?;
    if repaired > 0 {
        log::warn!("the clock was ahead: {repaired} times in the future were brought back");
    }
    Ok(repaired)
}
