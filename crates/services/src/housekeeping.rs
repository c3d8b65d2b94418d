//! Housekeeping: deletes expired data.

use db::tables::{
    expiry, idempotency_keys, import_rows, login_attempts, login_throttles, sessions,
};
use db::{Db, Tx};
use shared::retention;

use crate::error::Result;
use crate::{live_replay, notifications, telegram_inbox};

/// Deletes expired live events, stored responses, sessions, login attempts and their counters,
/// handled Telegram updates and old messages.
///
/// Deletes a limited number of rows of each, so that no other transaction waits long. Returns
/// whether there may be more.
pub fn delete_expired(tx: &mut Tx<'_>) -> Result<bool> {
    let now = tx.now();
    let events = live_replay::delete_expired(tx)?;
    let answers = idempotency_keys::delete_before(
        tx.conn(),
        (now - retention::IDEMPOTENT_RESPONSES).naive_utc(),
    )?;
    let ended = sessions::delete_before(tx.conn(), (now - retention::ENDED_SESSIONS).naive_utc())?;
    let attempts =
        login_attempts::delete_before(tx.conn(), (now - retention::LOGIN_HISTORY).naive_utc())?;
    let counts = delete_expired_throttles(tx)?;
    let updates = telegram_inbox::delete_expired(tx)?;
    let messages = notifications::delete_expired(tx)?;
    let imported =
        import_rows::delete_before(tx.conn(), (now - retention::IMPORT_UNDO).naive_utc())?;
    log::debug!(
        "deleted {events} live events, {answers} stored responses, {ended} sessions, {attempts} login \
         attempts, {counts} throttle counters, {updates} Telegram updates, {messages} messages, {imported} former values of imports"
    );
    let most =
        [events, answers, ended, attempts, counts, updates, messages, imported].into_iter().max();
    Ok(most >= Some(expiry::BATCH_SIZE))
}

/// Deletes expired data in many short transactions until nothing is left.
pub async fn delete_all_expired(db: &Db) -> Result<()> {
    while db.write(delete_expired).await? {}
    Ok(())
}

/// Counters deleted per transaction: few enough that nobody waits for it.
const THROTTLE_BATCH: i64 = 2_000;

/// Deletes expired login throttle counters and returns how many.
pub fn delete_expired_throttles(tx: &mut Tx<'_>) -> Result<usize> {
    let now = tx.now();
    let (all, single) = (now - retention::LOGIN_THROTTLES, now - retention::SINGLE_LOGIN_FAILURES);
    let (all, single) = (all.naive_utc(), single.naive_utc());
    Ok(login_throttles::delete_before(tx.conn(), all, single, THROTTLE_BATCH)?)
}
