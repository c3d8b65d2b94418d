//! The writing thread of SQLite, which owns the only writing connection.
//!
//! A batch runs without savepoints first: at each of them the search index would write what it has collected to the
//! file. Only when a change fails after it has written something does the batch start again with a savepoint for each
//! change.

use std::sync::Arc;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::result::Error as DieselError;
use diesel::sql_types::BigInt;
use shared::StorageFault;

use super::batch::{self, MAX_BATCH, SAVEPOINT, Settled};
use super::change::{Sinks, WriteJob, WriteOutcome};
use super::queue::WriteQueue;
use crate::conn::Conn;
use crate::error::DbError;
use crate::prepared::Prepared;
use crate::storage::{self, DataFile};
use crate::tx::TxContext;
use crate::tx_cache::TxCache;

/// Merges the write-ahead log into the file. Waits a little for readers.
const CHECKPOINT: &str = "PRAGMA busy_timeout = 2000; PRAGMA wal_checkpoint(TRUNCATE)";

/// Starts the thread.
pub(super) fn start(
    queue: Arc<WriteQueue>,
    conn: Conn,
    file: Arc<DataFile>,
    tx_context: TxContext,
    sinks: Sinks,
) -> std::io::Result<()> {
    std::thread::Builder::new()
        .name("sqlite-writer".into())
        .spawn(move || SqliteWriter { queue, conn, file, tx_context, sinks }.run())
        .map(drop)
}

struct SqliteWriter {
    queue: Arc<WriteQueue>,
    conn: Conn,
    file: Arc<DataFile>,
    tx_context: TxContext,
    sinks: Sinks,
}

/// The reason of a failed commit, reported to each of its changes.
struct CommitFailure {
    fault: StorageFault,
    cause: String,
}

impl CommitFailure {
    fn error(&self) -> DbError {
        DbError::Storage { fault: self.fault, cause: self.cause.clone() }
    }
}

/// Why a batch was rolled back.
enum BatchStop {
    /// A change failed after it had written something.
    NeedsSavepoints,
    Failed(CommitFailure),
}

impl From<CommitFailure> for BatchStop {
    fn from(failure: CommitFailure) -> Self {
        BatchStop::Failed(failure)
    }
}

type Batch = Vec<Box<dyn WriteJob>>;

impl SqliteWriter {
    fn run(mut self) {
        let queue = Arc::clone(&self.queue);
        let _running = queue.running_thread();
        while let Some(first) = self.queue.wait() {
            self.commit(vec![first]);
        }
        self.close();
    }

    fn close(&mut self) {
        match self.conn.batch_execute(CHECKPOINT) {
            // A replaced file was not stopped by us.
            Ok(()) if self.file.is_in_place() => self.file.record_clean_stop(),
            Ok(()) => {}
            Err(error) => log::warn!(
                "the write-ahead log could not be written back ({error}): keep {}-wal with the file",
                self.file.path().display()
            ),
        }
    }

    fn commit(&mut self, mut batch: Batch) {
        let mut done = self.run_batch(&mut batch, false);
        if matches!(done, Err(BatchStop::NeedsSavepoints)) {
            done = self.run_batch(&mut batch, true);
        }
        match done {
            Ok(settled) => {
                for (mut change, settled) in batch.into_iter().zip(settled) {
                    batch::deliver(&self.sinks, change.as_mut(), settled);
                }
            }
            Err(BatchStop::Failed(failure)) => {
                log::error!("a transaction was given up: {}", failure.cause);
                for mut change in batch {
                    change.answer(Err(failure.error()));
                }
            }
            Err(BatchStop::NeedsSavepoints) => {
                batch.into_iter().for_each(|mut change| change.answer(Err(DbError::Stopped)));
            }
        }
    }

    /// Runs all changes in one transaction, including those that arrive meanwhile. Fails as a whole on a
    /// storage fault.
    fn run_batch(
        &mut self,
        batch: &mut Batch,
        savepoints: bool,
    ) -> Result<Vec<Settled>, BatchStop> {
        self.check_file_in_place()?;
        self.execute("BEGIN IMMEDIATE")?;
        let mut cache = TxCache::default();
        let ran = self.run_changes(&mut cache, batch, savepoints);
        let settled = ran.and_then(|outcomes| {
            cache.write(&mut self.conn).map_err(|error| {
                match batch::concerns_one_change(&error) {
                    true => BatchStop::NeedsSavepoints,
                    false => self.settle_failure(&error).into(),
                }
            })?;
            let settled = batch::settle(&mut self.conn, &self.tx_context, &mut cache, outcomes);
            settled.map_err(|error| self.settle_failure(&error).into())
        });
        let settled = settled.and_then(|settled| {
            self.execute("COMMIT")?;
            Ok(settled)
        });
        if settled.is_err() {
            // Fails if SQLite has already rolled back, which is fine.
            let _ = self.conn.batch_execute("ROLLBACK");
        }
        let settled = settled?;
        // Data written to a deleted file is lost, so it must not be acknowledged.
        self.check_file_in_place()?;
        Ok(settled)
    }

    fn run_changes(
        &mut self,
        cache: &mut TxCache,
        batch: &mut Batch,
        savepoints: bool,
    ) -> Result<Vec<WriteOutcome>, BatchStop> {
        let mut outcomes = Vec::new();
        while outcomes.len() < batch.len() {
            let change = batch[outcomes.len()].as_mut();
            outcomes.push(match savepoints {
                true => self.run_in_savepoint(cache, change)?,
                false => self.run_bare(cache, change)?,
            });
            if !savepoints && outcomes.len() == batch.len() && batch.len() < MAX_BATCH {
                batch.extend(self.queue.next());
            }
        }
        Ok(outcomes)
    }

    fn run_bare(
        &mut self,
        cache: &mut TxCache,
        change: &mut dyn WriteJob,
    ) -> Result<WriteOutcome, BatchStop> {
        let before = (self.written_rows()?, cache.uses());
        let outcome = self.run_change(cache, change)?;
        let failed = !matches!(outcome, WriteOutcome::Done { .. });
        if failed && (self.written_rows()?, cache.uses()) != before {
            return Err(BatchStop::NeedsSavepoints);
        }
        Ok(outcome)
    }

    fn run_in_savepoint(
        &mut self,
        cache: &mut TxCache,
        change: &mut dyn WriteJob,
    ) -> Result<WriteOutcome, BatchStop> {
        self.execute(SAVEPOINT)?;
        let outcome = self.run_change(cache, change)?;
        let ended = batch::end_savepoint(&mut self.conn, cache, outcome);
        Ok(ended.map_err(|error| self.settle_failure(&error))?)
    }

    fn run_change(
        &mut self,
        cache: &mut TxCache,
        change: &mut dyn WriteJob,
    ) -> Result<WriteOutcome, CommitFailure> {
        let outcome = batch::run_change(&mut self.conn, &self.tx_context, cache, change);
        if let WriteOutcome::Failed(failure) = &outcome
            && let Some(fault) = failure.fault.filter(|fault| fault.needs_attention())
        {
            // On a storage fault SQLite may have rolled back the whole transaction.
            let cause = format!("a change ran into a storage fault ({fault})");
            return Err(CommitFailure { fault, cause });
        }
        Ok(outcome)
    }

    /// Rows that this connection ever wrote, also in transactions that were rolled back.
    fn written_rows(&mut self) -> Result<i64, CommitFailure> {
        let statement = Prepared(diesel::sql_query("SELECT total_changes() AS written"));
        let row: Result<Written, _> = statement.get_result(&mut self.conn);
        row.map(|row| row.written).map_err(|error| self.failure("SELECT total_changes()", &error))
    }

    fn check_file_in_place(&self) -> Result<(), CommitFailure> {
        if self.file.is_in_place() {
            return Ok(());
        }
        let cause =
            format!("{} was deleted or replaced while it was open", self.file.path().display());
        Err(CommitFailure { fault: StorageFault::Missing, cause })
    }

    fn execute(&mut self, sql: &str) -> Result<(), CommitFailure> {
        self.conn.batch_execute(sql).map_err(|error| self.failure(sql, &error))
    }

    fn failure(&self, sql: &str, error: &DieselError) -> CommitFailure {
        let fault = storage::fault_of_query(error).unwrap_or(StorageFault::Failing);
        let holder = (fault == StorageFault::Locked)
            .then(|| storage::lock_holder(self.file.path()))
            .flatten();
        let held = holder.map_or_else(String::new, |holder| format!(", held by {holder}"));
        CommitFailure { fault, cause: format!("{sql}: {error}{held}") }
    }

    fn settle_failure(&self, error: &DbError) -> CommitFailure {
        let fault = error.storage_fault().unwrap_or(StorageFault::Failing);
        CommitFailure { fault, cause: format!("the end of a change: {error}") }
    }
}

#[derive(QueryableByName)]
struct Written {
    #[diesel(sql_type = BigInt)]
    written: i64,
}
