//! What both databases do with a batch of changes.

use std::panic::{AssertUnwindSafe, catch_unwind};

use diesel::connection::SimpleConnection;

use super::change::{Answer, Sinks, WriteJob, WriteOutcome};
use crate::conn::Conn;
use crate::error::DbError;
use crate::tx::{self, PostCommitEffects, TxContext};
use crate::tx_cache::TxCache;

/// Maximum number of changes in one commit; bounds how long the first one waits for the last.
pub(super) const MAX_BATCH: usize = 64;

/// Starts the part of a transaction that one change can undo for itself.
pub(super) const SAVEPOINT: &str = "SAVEPOINT change";
/// Keeps what the change did.
const RELEASE: &str = "RELEASE SAVEPOINT change";
/// Undoes what the change did.
const UNDO: &str = "ROLLBACK TO SAVEPOINT change; RELEASE SAVEPOINT change";

/// A result that only waits for the commit.
pub(super) enum Settled {
    Done { answer: Answer, effects: PostCommitEffects },
    Failed(Answer),
    Panicked,
}

/// Runs a change. A panic leaves the transaction as the change left it.
pub(super) fn run_change(
    conn: &mut Conn,
    tx_context: &TxContext,
    cache: &mut TxCache,
    change: &mut dyn WriteJob,
) -> WriteOutcome {
    let ran = catch_unwind(AssertUnwindSafe(|| change.run(tx_context.begin(conn, cache))));
    ran.unwrap_or_else(|_| {
        log::error!("a change panicked; it was rolled back");
        WriteOutcome::Panicked
    })
}

/// Keeps or undoes what a change did since [`SAVEPOINT`].
pub(super) fn end_savepoint(
    conn: &mut Conn,
    cache: &mut TxCache,
    failed: bool,
) -> Result<(), DbError> {
    if failed {
        *cache = TxCache::default();
        return Ok(conn.batch_execute(UNDO)?);
    }
    cache.write(conn)?;
    Ok(conn.batch_execute(RELEASE)?)
}

/// Writes what the changes left for the end, then their audit entries and live events, in their order. The latter
/// take locks that block other transactions, so only the commit may follow.
pub(super) fn settle(
    conn: &mut Conn,
    tx_context: &TxContext,
    cache: &mut TxCache,
    outcomes: Vec<WriteOutcome>,
) -> Result<Vec<Settled>, DbError> {
    cache.write(conn)?;
    let mut drafts = Vec::new();
    let mut settled: Vec<Settled> = Vec::with_capacity(outcomes.len());
    for outcome in outcomes {
        settled.push(match outcome {
            WriteOutcome::Done { answer, drafts: own } => {
                drafts.push(own);
                Settled::Done { answer, effects: PostCommitEffects::default() }
            }
            WriteOutcome::Failed(failure) => Settled::Failed(failure.answer),
            WriteOutcome::Panicked => Settled::Panicked,
        });
    }
    let signer = tx_context.audit_signer.as_ref();
    let mut written = tx::write_drafts(conn, signer, drafts)?.into_iter();
    for one in &mut settled {
        if let Settled::Done { effects, .. } = one {
            *effects = written.next().unwrap_or_default();
        }
    }
    Ok(settled)
}

/// Publishes what a committed change caused and answers it.
pub(super) fn deliver(sinks: &Sinks, change: &mut dyn WriteJob, settled: Settled) {
    match settled {
        Settled::Done { answer, effects } => {
            if let Some(bus) = &sinks.bus {
                bus.publish(effects.events);
            }
            effects.wakeups.into_iter().for_each(|worker| sinks.worker_wakeups.wake(worker));
            change.answer(Ok(answer));
        }
        Settled::Failed(answer) => change.answer(Ok(answer)),
        Settled::Panicked => change.answer(Err(DbError::Stopped)),
    }
}
