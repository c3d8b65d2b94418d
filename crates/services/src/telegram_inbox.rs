//! What Telegram told: kept before it is acknowledged, handled once, in the order of each chat.

use chrono::TimeDelta;
pub use db::tables::telegram_updates::TelegramUpdateRow;

use db::tables::telegram_updates as table;
use db::{BackgroundWorker, Tx};
use shared::ChatId;

use crate::error::Result;
use crate::lease;

/// How long nothing may be heard of whoever handles an update. After that another server takes it up.
const LEASE_DURATION: TimeDelta = TimeDelta::seconds(15);

/// How long handled updates are remembered: Telegram keeps what it repeats for a day.
const RETENTION: TimeDelta = TimeDelta::days(3);

/// Keeps an update until it is handled; false if it is known already.
///
/// # Errors
/// The database fails.
pub fn store(tx: &mut Tx<'_>, update_id: i64, chat: ChatId, payload: &str) -> Result<bool> {
    let now = tx.now().naive_utc();
    let new = table::insert(tx.conn(), update_id, chat, payload, now)?;
    if new {
        tx.wake(BackgroundWorker::TelegramInbox);
    }
    Ok(new)
}

/// What has to be done once before the first update: on SQLite, whatever was being handled was being
/// handled by a process that is gone, and nobody should wait for its lease.
///
/// # Errors
/// The database fails.
pub fn release_stale(tx: &mut Tx<'_>) -> Result<usize> {
    lease::release_after_restart(tx, table::release_all)
}

/// Takes up the oldest waiting update of some chats, and no second one of the same chat.
///
/// # Errors
/// The database fails.
pub fn claim(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<TelegramUpdateRow>> {
    let now = tx.now();
    Ok(table::claim(tx.conn(), now.naive_utc(), (now + LEASE_DURATION).naive_utc(), limit)?)
}

/// Tells that an update is still being handled: a large photo takes longer than a lease.
///
/// # Errors
/// The database fails.
pub fn extend_lease(tx: &mut Tx<'_>, update_id: i64) -> Result<()> {
    let until = (tx.now() + LEASE_DURATION).naive_utc();
    Ok(table::extend_lease(tx.conn(), update_id, until)?)
}

/// Marks an update as handled, in the transaction of what it led to; false if another server was
/// faster: then nothing of this one may stand.
///
/// # Errors
/// The database fails.
pub fn finish(tx: &mut Tx<'_>, update_id: i64) -> Result<bool> {
    let now = tx.now().naive_utc();
    let first = table::mark_handled(tx.conn(), update_id, now)?;
    // The next update of the same chat may have waited for this one.
    tx.wake(BackgroundWorker::TelegramInbox);
    Ok(first)
}

/// Lets go of an update that could not be handled; it is taken up again after `wait`.
///
/// # Errors
/// The database fails.
pub fn reschedule(tx: &mut Tx<'_>, update_id: i64, wait: TimeDelta) -> Result<()> {
    let retry_at = (tx.now() + wait).naive_utc();
    Ok(table::extend_lease(tx.conn(), update_id, retry_at)?)
}

/// Forgets what was handled long ago.
///
/// # Errors
/// The database fails.
pub fn delete_expired(tx: &mut Tx<'_>) -> Result<usize> {
    let before = (tx.now() - RETENTION).naive_utc();
    Ok(table::delete_before(tx.conn(), before)?)
}
