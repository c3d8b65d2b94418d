//! The writing threads of PostgreSQL.
//!
//! A batch runs without savepoints first, because each of them takes two round trips. When a change fails, the batch
//! starts again with a savepoint for each change. A change that lost against a concurrent transaction runs again
//! alone.

use std::sync::Arc;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use shared::StorageFault;

use super::batch::{self, MAX_BATCH, SAVEPOINT, Settled};
use super::change::{Sinks, WriteJob, WriteOutcome};
use super::queue::WriteQueue;
use crate::conn::Conn;
use crate::error::DbError;
use crate::pool::{self, Pool};
use crate::tx::TxContext;
use crate::tx_cache::TxCache;

/// Attempts of a transaction that conflicts with concurrent ones.
const MAX_TRIES: u32 = 12;

/// Most threads that write. Each has to wait for the others at the end of its transaction, so more would not help.
const MAX_THREADS: usize = 4;

/// Begins the transaction of a batch. Two batches may lock the same rows in different orders: then one gives up
/// after this time and its changes run alone, long before PostgreSQL looks for a deadlock.
const BEGIN_BATCH: &str = "BEGIN; SET LOCAL lock_timeout = '200ms'";

/// Returns how many threads write: one for two processors, and at least two.
pub(super) fn thread_count() -> usize {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    (processors / 2).clamp(2, MAX_THREADS)
}

/// Starts the threads.
pub(super) fn start(
    queue: &Arc<WriteQueue>,
    threads: usize,
    pool: &Pool,
    tx_context: &TxContext,
    sinks: &Sinks,
) -> std::io::Result<()> {
    for number in 1..=threads {
        let writer = PostgresWriter {
            queue: Arc::clone(queue),
            pool: pool.clone(),
            tx_context: tx_context.clone(),
            sinks: sinks.clone(),
        };
        std::thread::Builder::new()
            .name(format!("postgres-writer-{number}"))
            .spawn(move || writer.run())?;
    }
    Ok(())
}

struct PostgresWriter {
    queue: Arc<WriteQueue>,
    pool: Pool,
    tx_context: TxContext,
    sinks: Sinks,
}

type Batch = Vec<Box<dyn WriteJob>>;

/// Why a transaction did not end with an answer for each of its changes. Nothing was written, except after
/// [`Stop::Unknown`].
enum Stop {
    /// A change failed and has spoiled the transaction for those before it.
    NeedsSavepoints,
    /// It may succeed when its changes run again, one by one.
    Retry(DbError),
    Failed(DbError),
    /// The connection was lost while the commit was under way: it may have happened.
    Unknown(DbError),
}

impl Stop {
    fn of(error: DbError) -> Self {
        let lost = error.storage_fault() == Some(StorageFault::Unreachable);
        match lost || error.is_retryable() {
            true => Stop::Retry(error),
            false => Stop::Failed(error),
        }
    }

    fn of_commit(error: DbError) -> Self {
        if error.is_retryable() { Stop::Retry(error) } else { Stop::Unknown(error) }
    }
}

impl PostgresWriter {
    fn run(self) {
        let _running = self.queue.running_thread();
        while let Some(first) = self.queue.wait() {
            self.commit(vec![first]);
        }
    }

    fn commit(&self, mut batch: Batch) {
        let mut done = self.run_batch(&mut batch, false);
        if matches!(done, Err(Stop::NeedsSavepoints)) {
            done = self.run_batch(&mut batch, true);
        }
        match done {
            Ok(settled) => {
                // Those that are committed do not wait for those that run again.
                let mut again = Vec::new();
                for (mut change, settled) in batch.into_iter().zip(settled) {
                    match settled {
                        Some(settled) => batch::deliver(&self.sinks, change.as_mut(), settled),
                        None => again.push(change),
                    }
                }
                again.into_iter().for_each(|mut change| self.commit_alone(change.as_mut()));
            }
            Err(Stop::Retry(_) | Stop::NeedsSavepoints) => {
                batch.into_iter().for_each(|mut change| self.commit_alone(change.as_mut()));
            }
            Err(Stop::Failed(error) | Stop::Unknown(error)) => answer_all(batch, error),
        }
    }

    /// Runs all changes in one transaction, including those that arrive meanwhile. `None` for a change that has to
    /// run again alone.
    fn run_batch(&self, batch: &mut Batch, savepoints: bool) -> Result<Vec<Option<Settled>>, Stop> {
        let mut conn = self.pool.get().map_err(|error| Stop::of(pool::pool_error(&error)))?;
        execute(&mut conn, BEGIN_BATCH).map_err(Stop::of)?;
        let mut cache = TxCache::default();
        let ran = self.run_changes(&mut conn, &mut cache, batch, savepoints);
        let settled = ran.and_then(|outcomes| {
            cache.write(&mut conn).map_err(|error| match batch::concerns_one_change(&error) {
                true => Stop::NeedsSavepoints,
                false => Stop::of(error),
            })?;
            let again: Vec<bool> = outcomes.iter().map(may_succeed_alone).collect();
            let settled = batch::settle(&mut conn, &self.tx_context, &mut cache, outcomes);
            let settled = settled.map_err(Stop::of)?;
            Ok(settled.into_iter().zip(again).map(|(one, again)| (!again).then_some(one)).collect())
        });
        if let Err(stop) = &settled {
            // Fails if the connection is lost; then the server rolls back and the connection is dropped.
            let undone = execute(&mut conn, "ROLLBACK").is_ok();
            if undone && matches!(stop, Stop::NeedsSavepoints) {
                conn.confirm_works();
            }
        }
        let settled = settled?;
        execute(&mut conn, "COMMIT").map_err(Stop::of_commit)?;
        conn.confirm_works();
        Ok(settled)
    }

    fn run_changes(
        &self,
        conn: &mut Conn,
        cache: &mut TxCache,
        batch: &mut Batch,
        savepoints: bool,
    ) -> Result<Vec<WriteOutcome>, Stop> {
        let mut outcomes: Vec<WriteOutcome> = Vec::new();
        while outcomes.len() < batch.len() {
            let change = batch[outcomes.len()].as_mut();
            if savepoints {
                execute(conn, SAVEPOINT).map_err(Stop::of)?;
            }
            let mut outcome = batch::run_change(conn, &self.tx_context, cache, change);
            let failed = !matches!(outcome, WriteOutcome::Done { .. });
            if savepoints {
                outcome = batch::end_savepoint(conn, cache, outcome).map_err(Stop::of)?;
            } else if failed && batch.len() > 1 {
                return Err(Stop::NeedsSavepoints);
            } else if failed {
                execute(conn, "ROLLBACK; BEGIN").map_err(Stop::of)?;
                *cache = TxCache::default();
                outcomes.push(outcome);
                return Ok(outcomes);
            }
            outcomes.push(outcome);
            if !savepoints && outcomes.len() == batch.len() && batch.len() < MAX_BATCH {
                batch.extend(self.queue.next());
            }
        }
        Ok(outcomes)
    }

    /// Runs a change in a transaction of its own, again after a conflict or a lost connection.
    fn commit_alone(&self, change: &mut dyn WriteJob) {
        for attempt in 1..=MAX_TRIES {
            // Transactions that conflicted would conflict again if all of them retried at once.
            std::thread::sleep(Duration::from_millis(u64::from(attempt - 1) * 2));
            let last = attempt == MAX_TRIES;
            match self.try_alone(change, last) {
                Ok(Some(settled)) => return batch::deliver(&self.sinks, change, settled),
                Ok(None) => {}
                Err(Stop::Retry(_) | Stop::NeedsSavepoints) if !last => {}
                Err(Stop::NeedsSavepoints) => return change.answer(Err(DbError::Conflict)),
                Err(Stop::Retry(error) | Stop::Failed(error) | Stop::Unknown(error)) => {
                    return change.answer(Err(error));
                }
            }
        }
    }

    /// `None` if the change failed and may succeed in another attempt.
    fn try_alone(&self, change: &mut dyn WriteJob, last: bool) -> Result<Option<Settled>, Stop> {
        let mut conn = self.pool.get().map_err(|error| Stop::of(pool::pool_error(&error)))?;
        execute(&mut conn, "BEGIN").map_err(Stop::of)?;
        let mut cache = TxCache::default();
        let outcome = batch::run_change(&mut conn, &self.tx_context, &mut cache, change);
        if !matches!(outcome, WriteOutcome::Done { .. }) {
            let undone = execute(&mut conn, "ROLLBACK").is_ok();
            if undone && !may_succeed_alone(&outcome) {
                conn.confirm_works();
            }
            if may_succeed_alone(&outcome) && !last {
                return Ok(None);
            }
            return Ok(match outcome {
                WriteOutcome::Failed(failure) => Some(Settled::Failed(failure.answer)),
                _ => Some(Settled::Panicked),
            });
        }
        let written = cache.write(&mut conn);
        let settled = written
            .and_then(|()| batch::settle(&mut conn, &self.tx_context, &mut cache, vec![outcome]));
        let settled = settled.map_err(|error| {
            let _ = execute(&mut conn, "ROLLBACK");
            Stop::of(error)
        })?;
        execute(&mut conn, "COMMIT").map_err(Stop::of_commit)?;
        conn.confirm_works();
        Ok(settled.into_iter().next())
    }
}

/// Whether a change lost against another transaction, or its connection.
fn may_succeed_alone(outcome: &WriteOutcome) -> bool {
    match outcome {
        WriteOutcome::Failed(failure) => {
            failure.retryable || failure.fault == Some(StorageFault::Unreachable)
        }
        WriteOutcome::Done { .. } | WriteOutcome::Unwritable(_) | WriteOutcome::Panicked => false,
    }
}

fn execute(conn: &mut Conn, sql: &str) -> Result<(), DbError> {
    Ok(conn.batch_execute(sql)?)
}

/// Each change gets the error; it has to be made anew, because it can not be copied.
fn answer_all(batch: Batch, error: DbError) {
    let cause = error.to_string();
    let fault = error.storage_fault();
    for mut change in batch {
        change.answer(Err(match (fault, &error) {
            (Some(fault), _) => DbError::Storage { fault, cause: cause.clone() },
            (None, DbError::UnknownKey) => DbError::UnknownKey,
            (None, _) => DbError::Corrupt(cause.clone()),
        }));
    }
}
