//! The single SQLite writer.
//!
//! SQLite lets one transaction write at a time, and at `synchronous=FULL` each commit waits for
//! the disk. So one thread owns the only writing connection, and everything that queued up while
//! the disk was busy goes into the next commit together, each in a savepoint of its own: one that
//! fails leaves no trace, and none is acknowledged before all are on the disk.

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

/// Most changes in one commit: bounds how long the first of them waits for the last.
const MAX_BATCH: usize = 64;

/// Everything into the file, and the write-ahead log emptied. A reader may still be busy.
const CHECKPOINT: &str = "PRAGMA busy_timeout = 2000; PRAGMA wal_checkpoint(TRUNCATE)";

/// What became of one change: kept until the commit, then sent to whoever waits.
pub(crate) enum WriteOutcome {
    Done {
        answer: Box<dyn Any + Send>,
        aftermath: PostCommitEffects,
    },
    /// Nothing of it stays; `fault` if the storage was the reason.
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
    /// Tells the caller, after the commit.
    fn answer(self: Box<Self>, outcome: Result<WriteOutcome, DbError>);
}

/// What the writer is asked for.
enum WriterRequest {
    Write(Box<dyn WriteJob>),
    /// To finish, and to say when the file is whole.
    Close(oneshot::Sender<()>),
}

/// The way to the writer thread. It ends when it is closed, or when the last sender is dropped.
#[derive(Clone)]
pub(crate) struct Writer {
    queue: Sender<WriterRequest>,
}

impl Writer {
    pub(crate) fn start(
        conn: Conn,
        file: Arc<DataFile>,
        start: TxContext,
        (bus, signals): (LiveBus, WorkerWakeups),
    ) -> std::io::Result<Self> {
        let (queue, requests) = channel();
        std::thread::Builder::new()
            .name("sqlite-writer".into())
            .spawn(move || WriterLoop { conn, file, start, bus, signals }.run(&requests))?;
        Ok(Self { queue })
    }

    pub(crate) fn submit(&self, change: Box<dyn WriteJob>) -> Result<(), DbError> {
        self.queue.send(WriterRequest::Write(change)).map_err(|_| DbError::Stopped)
    }

    /// Commits what is queued, makes the file whole and ends the thread. Later changes are refused.
    pub(crate) async fn close(&self) {
        let (done, closed) = oneshot::channel();
        if self.queue.send(WriterRequest::Close(done)).is_ok() {
            let _ = closed.await;
        }
    }
}

/// What waits for the writer.
struct WriteQueue<'a> {
    requests: &'a Receiver<WriterRequest>,
    closing: Option<oneshot::Sender<()>>,
}

impl WriteQueue<'_> {
    /// The next change, however long it takes; `None` at the end.
    fn wait(&mut self) -> Option<Box<dyn WriteJob>> {
        if self.closing.is_some() {
            return None;
        }
        let request = self.requests.recv().ok()?;
        self.change(request)
    }

    /// The next change, if one waits.
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
    start: TxContext,
    bus: LiveBus,
    signals: WorkerWakeups,
}

/// Why a whole commit did not happen: each of its changes is told.
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
            // Of a file that was put in its place nothing is known.
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
                    if let WriteOutcome::Done { aftermath, .. } = &mut outcome {
                        let PostCommitEffects { events, wakeups: woken } =
                            std::mem::take(aftermath);
                        self.bus.publish(events);
                        woken.into_iter().for_each(|worker| self.signals.wake(worker));
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

    /// Runs every change in one transaction, those too that come in meanwhile. Fails as a whole where
    /// the storage does.
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
                    // SQLite may have rolled back already; then this fails, and that is as well.
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
        // What went into a deleted file is lost: nobody may be told that it was kept.
        self.check_file_in_place()?;
        Ok(outcomes)
    }

    fn run_job(&mut self, change: &mut dyn WriteJob) -> Result<WriteOutcome, CommitFailure> {
        self.execute("SAVEPOINT change")?;
        let (conn, start) = (&mut self.conn, &self.start);
        let ran = catch_unwind(AssertUnwindSafe(|| change.run(start.begin(conn))));
        let outcome = ran.unwrap_or_else(|_| {
            log::error!("a change panicked; it was rolled back");
            WriteOutcome::Panicked
        });
        let end = match &outcome {
            WriteOutcome::Done { .. } => "RELEASE change",
            // After such a fault SQLite may have given up the whole transaction, savepoints and all.
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
