//! What has to be swept now and then.

use chrono::TimeDelta;
use db::tables::{expiry, idempotency_keys, login_attempts, login_throttles, sessions};
use db::{Db, Tx};

use crate::error::Result;
use crate::{auth::login_history, auth::throttle, live_replay, notifications, telegram_inbox};

/// Forgets old live events, answers kept for repeated requests, ended sessions, attempts to sign in
/// (their history and their counts), updates of Telegram that were handled, and old messages. Some of
/// each, so that nobody waits for long; whether there may be more.
///
/// # Errors
/// The database fails.
pub fn delete_expired(tx: &mut Tx<'_>) -> Result<bool> {
    let now = tx.now();
    let events = live_replay::delete_expired(tx)?;
    let answers =
        idempotency_keys::delete_before(tx.conn(), (now - TimeDelta::hours(24)).naive_utc())?;
    let ended = sessions::delete_before(tx.conn(), (now - TimeDelta::days(30)).naive_utc())?;
    let attempts =
        login_attempts::delete_before(tx.conn(), (now - login_history::RETENTION).naive_utc())?;
    let counts = delete_expired_throttles(tx)?;
    let updates = telegram_inbox::delete_expired(tx)?;
    let messages = notifications::delete_expired(tx)?;
    log::debug!(
        "swept {events} live events, {answers} stored answers, {ended} sessions, {attempts} attempts \
         to sign in, {counts} counts of them, {updates} updates of Telegram, {messages} \
         messages"
    );
    let most = [events, answers, ended, attempts, counts, updates, messages].into_iter().max();
    Ok(most >= Some(expiry::BATCH_SIZE))
}

/// Sweeps in many short transactions, until nothing is left.
///
/// # Errors
/// The database fails.
pub async fn delete_all_expired(db: &Db) -> Result<()> {
    while db.write(delete_expired).await? {}
    Ok(())
}

/// Counts of attempts that are forgotten at once: so few that nobody waits for it.
const THROTTLE_BATCH: i64 = 2_000;

/// Forgets some counts of attempts that nothing is left of. Returns how many; none once all are gone.
///
/// # Errors
/// The database fails.
pub fn delete_expired_throttles(tx: &mut Tx<'_>) -> Result<usize> {
    let now = tx.now();
    let (all, single) = (now - throttle::RETENTION, now - throttle::SINGLE_FAILURE_RETENTION);
    let (all, single) = (all.naive_utc(), single.naive_utc());
    Ok(login_throttles::delete_before(tx.conn(), all, single, THROTTLE_BATCH)?)
}
