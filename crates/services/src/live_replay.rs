//! Replay of live events that a browser has missed.

use db::tables::live_events;
use db::{Conn, Tx};
use shared::live::{LiveEvent, LiveMessage};
use shared::retention;

use crate::error::Result;

/// Maximum events replayed; a client that missed more reloads everything.
const MAX_REPLAY: i64 = 1_000;

/// Returns the events after `last_seq`, oldest first, followed by `Ready` with the last sequence
/// number. Returns a single [`LiveEvent::Resync`] if too many were missed or they are no longer
/// stored.
pub fn missed_events(
    conn: &mut Conn,
    last_seq: Option<i64>,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<Vec<LiveMessage>> {
    let newest = live_events::newest(conn)?;
    let ready = |seq| LiveMessage { seq, at: now, event: LiveEvent::Ready };
    let Some(last_seq) = last_seq else { return Ok(vec![ready(newest)]) };
    let oldest = live_events::oldest(conn)?.unwrap_or(newest + 1);
    let gone = last_seq < oldest - 1 || last_seq > newest;
    let mut missed =
        if gone { Vec::new() } else { live_events::after(conn, last_seq, MAX_REPLAY + 1)? };
    if gone || missed.len() as i64 > MAX_REPLAY {
        return Ok(vec![LiveMessage { seq: newest, at: now, event: LiveEvent::Resync }]);
    }
    let reached = missed.last().map_or(last_seq, |message| message.seq);
    missed.push(ready(reached));
    Ok(missed)
}

/// Deletes events that are too old to be replayed.
pub fn delete_expired(tx: &mut Tx<'_>) -> Result<usize> {
    let before = tx.now() - retention::LIVE_EVENTS;
    Ok(live_events::delete_before(tx.conn(), before)?)
}
