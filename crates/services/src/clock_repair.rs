//! Repair of stored times that a clock running ahead has left in the future.
//!
//! When the machine's clock runs ahead and is set back, the database holds times far in the future:
//! leases, delivery pauses and used one-time codes would block until then. (Login delays are capped
//! where they are read.) No such time is ever legitimately further ahead than the limit here, so
//! those beyond it are reset.

use chrono::TimeDelta;
use db::Tx;
use db::tables::{leases, outbox, second_factors, telegram_updates};

use crate::auth::otp;
use crate::error::Result;

/// Longer than any lease or delivery pause. A longer pause requested by Telegram will be requested
/// again.
const MAX_FUTURE: TimeDelta = TimeDelta::hours(1);

/// Resets times that are too far in the future and returns how many there were.
pub fn repair(tx: &mut Tx<'_>) -> Result<usize> {
    let now = tx.now().naive_utc();
    let latest = now + MAX_FUTURE;
    let newest_step = otp::newest_step(tx.now());
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
