//! Single-writer thread of SQLite with group commit.
//!
//! SQLite allows one write transaction at a time, and at `synchronous=FULL` each commit waits for the
//! disk. So one thread owns the only writing connection, and all changes that queue up while the disk
//! is busy share the next commit. Each change has its own savepoint: a failed one is rolled back
//! without affecting the others, and none is acknowledged before the commit is on the disk.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

use diesel::connection::SimpleConnection;
use diesel::result::Error as DieselError;
use shared::StorageFault;
use tokio::sync::oneshot;

use crate::conn::Conn;
use crate::error::DbError;
use crate::live_bus::LiveBus;
use crate::storage::{self, DataFile};
use crate::tx::{PostCommitEffects, Tx, TxContext};
use crate::worker_wakeups::WorkerWakeups;

/// Maximum number of changes in one commit; bounds how long the first one waits for the last.
const MAX_BATCH: usize = 64;

/// Merges the write-ahead log into the file. Waits a little for readers.
const CHECKPOINT: &str = "PRAGMA busy_timeout = 2000; PRAGMA wal_checkpoint(TRUNCATE)";

/// The result of one change, held back until the commit.
pub(crate) enum WriteOutcome {
    Done {
        answer: Box<dyn Any + Send>,
        effects: PostCommitEffects,
    },
    /// Rolled back; `fault` is set if the storage was the reason.
    Failed {
        answer: Box<dyn Any + Send>,
        fault: Option<StorageFault>,
    },
    Panicked,
}

/// One queued change.
pub(crate) trait WriteJob: Send {
    /// Runs the change inside an open savepoint.
    fn run(&mut self, tx: Tx<'_>) -> WriteOutcome;
    /// Sends the result to the caller, after the commit.
    fn answer(self: Box<Self>, outcome: Result<WriteOutcome, DbError>);
}

/// A message to the writer thread.
enum WriterRequest {
    Write(Box<dyn WriteJob>),
    /// Finish, and report when the write-ahead log is merged.
    Close(oneshot::Sender<()>),
}

/// Handle to the writer thread, which ends on [`Writer::close`] or when the last handle is dropped.
#[derive(Clone)]
pub(crate) struct Writer {
    queue: Sender<WriterRequest>,
}

impl Writer {
    pub(crate) fn start(
        conn: Conn,
        file: Arc<DataFile>,
        tx_context: TxContext,
        (bus, worker_wakeups): (LiveBus, WorkerWakeups),
    ) -> std::io::Result<Self> {
        let (queue, requests) = channel();
        std::thread::Builder::new().name("sqlite-writer".into()).spawn(move || {
            WriterLoop { conn, file, tx_context, bus, worker_wakeups }.run(&requests)
        })?;
        Ok(Self { queue })
    }

    pub(crate) fn submit(&self, change: Box<dyn WriteJob>) -> Result<(), DbError> {
        self.queue.send(WriterRequest::Write(change)).map_err(|_| DbError::Stopped)
    }

    /// Commits the queued changes, merges the write-ahead log and ends the thread. Later changes are
    /// refused.
    pub(crate) async fn close(&self) {
        let (done, closed) = oneshot::channel();
        if self.queue.send(WriterRequest::Close(done)).is_ok() {
            let _ = closed.await;
        }
    }
}

/// The receiving end of the queue.
struct WriteQueue<'a> {
    requests: &'a Receiver<WriterRequest>,
    closing: Option<oneshot::Sender<()>>,
}

impl WriteQueue<'_> {
    /// Waits for the next change; `None` at the end.
    fn wait(&mut self) -> Option<Box<dyn WriteJob>> {
        if self.closing.is_some() {
            return None;
        }
        let request = self.requests.recv().ok()?;
        self.change(request)
    }

    /// Returns the next change if one is queued.
    fn next(&mut self) -> Option<Box<dyn WriteJob>> {
        if self.closing.is_some() {
            return None;
        }
        let request = self.requests.try_recv().ok()?;
        self.change(request)
    }

    fn change(&mut self, request: WriterRequest) -> Option<Box<dyn WriteJob>> {
        match request {
            WriterRequest::Write(change) => Some(change),
            WriterRequest::Close(done) => {
                self.closing = Some(done);
                None
            }
        }
    }
}

struct WriterLoop {
    conn: Conn,
    file: Arc<DataFile>,
    tx_context: TxContext,
    bus: LiveBus,
    worker_wakeups: WorkerWakeups,
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

impl WriterLoop {
    fn run(mut self, requests: &Receiver<WriterRequest>) {
        let mut queue = WriteQueue { requests, closing: None };
        while let Some(first) = queue.wait() {
            self.commit(first, &mut queue);
        }
        self.close();
        if let Some(done) = queue.closing {
            let _ = done.send(());
        }
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

    fn commit(&mut self, first: Box<dyn WriteJob>, queue: &mut WriteQueue<'_>) {
        let mut batch = vec![first];
        match self.run_batch(&mut batch, queue) {
            Ok(outcomes) => {
                for (change, mut outcome) in batch.into_iter().zip(outcomes) {
                    if let WriteOutcome::Done { effects, .. } = &mut outcome {
                        let PostCommitEffects { events, wakeups } = std::mem::take(effects);
                        self.bus.publish(events);
                        wakeups.into_iter().for_each(|worker| self.worker_wakeups.wake(worker));
                    }
                    change.answer(Ok(outcome));
                }
            }
            Err(failure) => {
                log::error!("a transaction was given up: {}", failure.cause);
                for change in batch {
                    change.answer(Err(failure.error()));
                }
            }
        }
    }

    /// Runs all changes in one transaction, including those that arrive meanwhile. Fails as a whole on a
    /// storage fault.
    fn run_batch(
        &mut self,
        batch: &mut Vec<Box<dyn WriteJob>>,
        queue: &mut WriteQueue<'_>,
    ) -> Result<Vec<WriteOutcome>, CommitFailure> {
        self.check_file_in_place()?;
        self.execute("BEGIN IMMEDIATE")?;
        let mut outcomes = Vec::new();
        while outcomes.len() < batch.len() {
            match self.run_job(batch[outcomes.len()].as_mut()) {
                Ok(outcome) => outcomes.push(outcome),
                Err(failure) => {
                    // Fails if SQLite has already rolled back, which is fine.
                    let _ = self.conn.batch_execute("ROLLBACK");
                    return Err(failure);
                }
            }
            if outcomes.len() == batch.len() && batch.len() < MAX_BATCH {
                batch.extend(queue.next());
            }
        }
        if let Err(failure) = self.execute("COMMIT") {
            let _ = self.conn.batch_execute("ROLLBACK");
            return Err(failure);
        }
        // Data written to a deleted file is lost, so it must not be acknowledged.
        self.check_file_in_place()?;
        Ok(outcomes)
    }

    fn run_job(&mut self, change: &mut dyn WriteJob) -> Result<WriteOutcome, CommitFailure> {
        self.execute("SAVEPOINT change")?;
        let (conn, tx_context) = (&mut self.conn, &self.tx_context);
        let ran = catch_unwind(AssertUnwindSafe(|| change.run(tx_context.begin(conn))));
        let outcome = ran.unwrap_or_else(|_| {
            log::error!("a change panicked; it was rolled back");
            WriteOutcome::Panicked
        });
        let end = match &outcome {
            WriteOutcome::Done { .. } => "RELEASE change",
            // On a storage fault SQLite may have rolled back the whole transaction.
            WriteOutcome::Failed { fault: Some(fault), .. } => {
                let cause = format!("a change ran into a storage fault ({fault})");
                return Err(CommitFailure { fault: *fault, cause });
            }
            WriteOutcome::Failed { .. } | WriteOutcome::Panicked => {
                "ROLLBACK TO change; RELEASE change"
            }
        };
        self.execute(end)?;
        Ok(outcome)
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
}
