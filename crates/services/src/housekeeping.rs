//! What has to be swept now and then.

use chrono::TimeDelta;
use db::tables::{idempotency_keys, login_attempts, login_throttles, sessions, sweep};
use db::{Db, Tx};

use crate::error::Result;
use crate::{live, login_history, notifications, telegram_inbox, throttle};

/// Forgets old live events, answers kept for repeated requests, ended sessions, attempts to sign in
/// (their history and their counts), updates of Telegram that were handled, and old messages. Some of
/// each, so that nobody waits for long; whether there may be more.
///
/// # Errors
/// The database fails.
pub fn sweep(tx: &mut Tx<'_>) -> Result<bool> {
    let now = tx.now();
    let events = live::forget_old(tx)?;
    let answers =
        idempotency_keys::forget_before(tx.conn(), (now - TimeDelta::hours(24)).naive_utc())?;
    let ended = sessions::forget_before(tx.conn(), (now - TimeDelta::days(30)).naive_utc())?;
    let attempts =
        login_attempts::forget_before(tx.conn(), (now - login_history::KEPT).naive_utc())?;
    let counts = forget_counts(tx)?;
    let updates = telegram_inbox::forget_old(tx)?;
    let messages = notifications::forget_old(tx)?;
    log::debug!(
        "swept {events} live events, {answers} stored answers, {ended} sessions, {attempts} attempts \
         to sign in, {counts} counts of them, {updates} updates of Telegram, {messages} \
         messages"
    );
    let most = [events, answers, ended, attempts, counts, updates, messages].into_iter().max();
    Ok(most >= Some(sweep::AT_ONCE))
}

/// Sweeps in many short transactions, until nothing is left.
///
/// # Errors
/// The database fails.
pub async fn sweep_all(db: &Db) -> Result<()> {
    while db.write(sweep).await? {}
    Ok(())
}

/// Counts of attempts that are forgotten at once: so few that nobody waits for it.
const COUNTS_AT_ONCE: i64 = 2_000;

/// Forgets some counts of attempts that nothing is left of. Returns how many; none once all are gone.
///
/// # Errors
/// The database fails.
pub fn forget_counts(tx: &mut Tx<'_>) -> Result<usize> {
    let now = tx.now();
    let (all, single) = (now - throttle::KEPT, now - throttle::SINGLE_KEPT);
    let (all, single) = (all.naive_utc(), single.naive_utc());
    Ok(login_throttles::forget_before(tx.conn(), all, single, COUNTS_AT_ONCE)?)
}
