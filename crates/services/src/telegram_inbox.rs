//! Inbox of Telegram updates: stored before they are acknowledged, processed once, in order per
//! chat.

use chrono::TimeDelta;
pub use db::tables::telegram_updates::TelegramUpdateRow;

use db::tables::telegram_updates as table;
use db::{BackgroundWorker, Tx};
use shared::ChatId;
use shared::retention;

use crate::error::Result;
use crate::lease;

/// Lease without a heartbeat; after it another server may claim the update.
const LEASE_DURATION: TimeDelta = TimeDelta::seconds(15);

/// Stores an update; false if it is already known.
pub fn store(tx: &mut Tx<'_>, update_id: i64, chat: ChatId, payload: &str) -> Result<bool> {
    let now = tx.now().naive_utc();
    let new = table::insert(tx.conn(), update_id, chat, payload, now)?;
    if new {
        tx.wake(BackgroundWorker::TelegramInbox);
    }
    Ok(new)
}

/// Releases interrupted updates at start-up. On SQLite there is only one server, so everything in
/// progress belongs to a process that is gone.
pub fn release_stale(tx: &mut Tx<'_>) -> Result<usize> {
    lease::release_after_restart(tx, table::release_all)
}

/// Claims the oldest waiting update of each of some chats.
pub fn claim(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<TelegramUpdateRow>> {
    let now = tx.now();
    Ok(table::claim(tx.conn(), now.naive_utc(), (now + LEASE_DURATION).naive_utc(), limit)?)
}

/// Extends the lease of an update, because large photos take longer than one lease.
pub fn extend_lease(tx: &mut Tx<'_>, update_id: i64) -> Result<()> {
    let until = (tx.now() + LEASE_DURATION).naive_utc();
    Ok(table::extend_lease(tx.conn(), update_id, until)?)
}

/// Marks an update as processed in the transaction of its effects; false if another server was
/// faster: then this transaction has to be rolled back.
pub fn finish(tx: &mut Tx<'_>, update_id: i64) -> Result<bool> {
    let now = tx.now().naive_utc();
    let first = table::mark_handled(tx.conn(), update_id, now)?;
    // The next update of the same chat may have waited for this one.
    tx.wake(BackgroundWorker::TelegramInbox);
    Ok(first)
}

/// Reschedules an update that could not be processed.
pub fn reschedule(tx: &mut Tx<'_>, update_id: i64, wait: TimeDelta) -> Result<()> {
    let retry_at = (tx.now() + wait).naive_utc();
    Ok(table::extend_lease(tx.conn(), update_id, retry_at)?)
}

/// Deletes updates that were processed long ago.
pub fn delete_expired(tx: &mut Tx<'_>) -> Result<usize> {
    let before = (tx.now() - retention::TELEGRAM_UPDATES).naive_utc();
    Ok(table::delete_before(tx.conn(), before)?)
}
