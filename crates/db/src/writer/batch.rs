//! What both databases do with a batch of changes.

use std::panic::{AssertUnwindSafe, catch_unwind};

use diesel::connection::SimpleConnection;

use super::change::{Answer, Sinks, WriteJob, WriteOutcome};
use crate::conn::Conn;
use crate::error::DbError;
use crate::tx::{self, PostCommitEffects, TxContext, TxDrafts};
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
    Unwritable(DbError),
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

/// Ends the savepoint of a change: writes what the change has left for the end and keeps it all, or undoes it all.
pub(super) fn end_savepoint(
    conn: &mut Conn,
    cache: &mut TxCache,
    mut outcome: WriteOutcome,
) -> Result<WriteOutcome, DbError> {
    if matches!(outcome, WriteOutcome::Done { .. }) {
        match cache.write(conn) {
            Ok(()) => {
                conn.batch_execute(RELEASE)?;
                return Ok(outcome);
            }
            Err(error) if concerns_one_change(&error) => {
                outcome = WriteOutcome::Unwritable(error);
            }
            Err(error) => return Err(error),
        }
    }
    cache.undo();
    conn.batch_execute(UNDO)?;
    Ok(outcome)
}

/// Whether an error is neither one of the storage nor of a concurrent transaction.
pub(super) fn concerns_one_change(error: &DbError) -> bool {
    error.storage_fault().is_none() && !error.is_retryable()
}

/// Writes the audit entries and live events of all changes, in their order. Both take locks that block other
/// transactions, so only the commit may follow.
pub(super) fn settle(
    conn: &mut Conn,
    tx_context: &TxContext,
    cache: &mut TxCache,
    outcomes: Vec<WriteOutcome>,
) -> Result<Vec<Settled>, DbError> {
    let mut drafts: Vec<TxDrafts> = Vec::new();
    let mut settled: Vec<Settled> = Vec::with_capacity(outcomes.len());
    for outcome in outcomes {
        settled.push(match outcome {
            WriteOutcome::Done { answer, drafts: own } => {
                drafts.push(own);
                Settled::Done { answer, effects: PostCommitEffects::default() }
            }
            WriteOutcome::Failed(failure) => Settled::Failed(failure.answer),
            WriteOutcome::Unwritable(error) => Settled::Unwritable(error),
            WriteOutcome::Panicked => Settled::Panicked,
        });
    }
    if let Some(last) = drafts.last_mut() {
        cache.take_wakeups().into_iter().for_each(|worker| last.wake(worker));
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
        Settled::Unwritable(error) => change.answer(Err(error)),
        Settled::Panicked => change.answer(Err(DbError::Stopped)),
    }
}
