//! What has to be swept now and then.

use chrono::TimeDelta;
use db::Tx;
use db::tables::{idempotency_keys, sessions};

use crate::error::Result;
use crate::live;

/// Forgets old live events, answers kept for repeated requests, and ended sessions.
///
/// # Errors
/// The database fails.
pub fn sweep(tx: &mut Tx<'_>) -> Result<()> {
    let now = tx.now();
    let events = live::forget_old(tx)?;
    let answers =
        idempotency_keys::forget_before(tx.conn(), (now - TimeDelta::hours(24)).naive_utc())?;
    let ended = sessions::forget_before(tx.conn(), (now - TimeDelta::days(30)).naive_utc())?;
    log::debug!("swept {events} live events, {answers} stored answers, {ended} sessions");
    Ok(())
}
