//! The single SQLite writer.
//!
//! SQLite lets one transaction write at a time, and at `synchronous=FULL` each commit waits for
//! the disk. So one thread owns the only writing connection, and everything that queued up while
//! the disk was busy goes into the next commit together, each in a savepoint of its own: one that
//! fails leaves no trace, and none is acknowledged before all are on the disk.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};

use diesel::connection::SimpleConnection;

use crate::conn::Conn;
use crate::error::DbError;
use crate::live_bus::LiveBus;
use crate::signals::Signals;
use crate::tx::{Aftermath, Tx, TxStart};

/// Most changes in one commit: bounds how long the first of them waits for the last.
const MAX_BATCH: usize = 64;

/// What became of one change: kept until the commit, then sent to whoever waits.
pub(crate) enum Outcome {
    Done { answer: Box<dyn Any + Send>, aftermath: Aftermath },
    Failed { answer: Box<dyn Any + Send> },
}

/// One queued change.
pub(crate) trait Change: Send {
    /// Runs the change inside an open savepoint.
    fn run(&mut self, tx: Tx<'_>) -> Outcome;
    /// Tells the caller, after the commit.
    fn answer(self: Box<Self>, outcome: Result<Outcome, DbError>);
}

/// The way to the writer thread. It ends when the last sender is dropped.
#[derive(Clone)]
pub(crate) struct Writer {
    queue: Sender<Box<dyn Change>>,
}

impl Writer {
    pub(crate) fn start(
        conn: Conn,
        start: TxStart,
        (bus, signals): (LiveBus, Signals),
    ) -> std::io::Result<Self> {
        let (queue, changes) = channel();
        std::thread::Builder::new()
            .name("sqlite-writer".into())
            .spawn(move || Loop { conn, start, bus, signals }.run(&changes))?;
        Ok(Self { queue })
    }

    pub(crate) fn submit(&self, change: Box<dyn Change>) -> Result<(), DbError> {
        self.queue.send(change).map_err(|_| DbError::Stopped)
    }
}

struct Loop {
    conn: Conn,
    start: TxStart,
    bus: LiveBus,
    signals: Signals,
}

impl Loop {
    fn run(mut self, changes: &Receiver<Box<dyn Change>>) {
        while let Ok(first) = changes.recv() {
            let mut batch = vec![first];
            batch.extend(changes.try_iter().take(MAX_BATCH - 1));
            self.commit(batch, changes);
        }
    }

    fn commit(&mut self, mut batch: Vec<Box<dyn Change>>, changes: &Receiver<Box<dyn Change>>) {
        if let Err(error) = self.conn.batch_execute("BEGIN IMMEDIATE") {
            log::error!("cannot begin a write transaction: {error}");
            return fail_all(batch);
        }
        let mut outcomes = Vec::with_capacity(batch.len());
        let mut next = 0;
        while next < batch.len() {
            let outcome = self.run_one(batch[next].as_mut());
            outcomes.push(outcome);
            next += 1;
            if next == batch.len() && next < MAX_BATCH {
                batch.extend(changes.try_iter().take(MAX_BATCH - next));
            }
        }
        if let Err(error) = self.conn.batch_execute("COMMIT") {
            log::error!("commit failed: {error}");
            let _ = self.conn.batch_execute("ROLLBACK");
            return fail_all(batch);
        }
        for (change, mut outcome) in batch.into_iter().zip(outcomes) {
            if let Ok(Outcome::Done { aftermath, .. }) = &mut outcome {
                let Aftermath { events, woken } = std::mem::take(aftermath);
                self.bus.publish(events);
                woken.into_iter().for_each(|worker| self.signals.wake(worker));
            }
            change.answer(outcome);
        }
    }

    fn run_one(&mut self, change: &mut dyn Change) -> Result<Outcome, DbError> {
        self.conn.batch_execute("SAVEPOINT change")?;
        let (conn, start) = (&mut self.conn, &self.start);
        let ran = catch_unwind(AssertUnwindSafe(|| change.run(start.begin(conn))));
        let end = match &ran {
            Ok(Outcome::Done { .. }) => "RELEASE change",
            _ => "ROLLBACK TO change; RELEASE change",
        };
        self.conn.batch_execute(end)?;
        ran.map_err(|_| {
            log::error!("a change panicked; it was rolled back");
            DbError::Stopped
        })
    }
}

fn fail_all(batch: Vec<Box<dyn Change>>) {
    for change in batch {
        change.answer(Err(DbError::Stopped));
    }
}
