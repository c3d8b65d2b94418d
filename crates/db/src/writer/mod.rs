//! Group commit: write transactions that queue up share one commit.
//!
//! A commit waits for the disk, and the head of the audit chain and the order of live events admit one
//! transaction at a time. So the changes that wait meanwhile run one after the other in the next transaction, and
//! their audit entries and live events are written once, at its end. Each change still succeeds or fails for
//! itself, and none is acknowledged before the commit.
//!
//! - On SQLite one thread owns the only writing connection.
//! - On PostgreSQL a few threads take changes from one queue, each with a connection of the pool.

mod batch;
mod change;
mod postgres;
mod queue;
mod queued_write;
mod sqlite;

use std::sync::Arc;

use tokio::sync::oneshot;

use self::change::Sinks;
use self::queue::WriteQueue;
use crate::conn::Conn;
use crate::error::{DbError, WriteError};
use crate::live_bus::LiveBus;
use crate::pool::Pool;
use crate::storage::DataFile;
use crate::tx::{Tx, TxContext};
use crate::worker_wakeups::WorkerWakeups;

/// Handle to the threads that write, which end on [`Writer::close`] or when the last handle is dropped.
#[derive(Clone)]
pub(crate) struct Writer {
    queue: Arc<WriteQueue>,
    /// Counts the handles.
    _alive: Arc<CloseOnDrop>,
}

struct CloseOnDrop(Arc<WriteQueue>);

impl Drop for CloseOnDrop {
    fn drop(&mut self) {
        self.0.close(None);
    }
}

impl Writer {
    /// Starts the writing thread of SQLite.
    pub fn start_sqlite(
        conn: Conn,
        file: Arc<DataFile>,
        tx_context: TxContext,
        (bus, worker_wakeups): (LiveBus, WorkerWakeups),
    ) -> std::io::Result<Self> {
        let queue = Arc::new(WriteQueue::new(1));
        let sinks = Sinks { bus: Some(bus), worker_wakeups };
        sqlite::start(Arc::clone(&queue), conn, file, tx_context, sinks)?;
        Ok(Self::of(queue))
    }

    /// Number of threads that write to PostgreSQL, each of which takes a connection of the pool.
    pub fn postgres_threads() -> usize {
        postgres::thread_count()
    }

    /// Starts the writing threads of PostgreSQL.
    pub fn start_postgres(
        pool: &Pool,
        tx_context: &TxContext,
        worker_wakeups: &WorkerWakeups,
    ) -> std::io::Result<Self> {
        let threads = Self::postgres_threads();
        let queue = Arc::new(WriteQueue::new(threads));
        // Live events arrive by the listener, like those of other instances.
        let sinks = Sinks { bus: None, worker_wakeups: worker_wakeups.clone() };
        postgres::start(&queue, threads, pool, tx_context, &sinks)?;
        Ok(Self::of(queue))
    }

    fn of(queue: Arc<WriteQueue>) -> Self {
        let alive = Arc::new(CloseOnDrop(Arc::clone(&queue)));
        Self { queue, _alive: alive }
    }

    /// Runs a change in one of the next transactions and waits for the commit.
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: WriteError,
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        let (change, answer) = queued_write::queued(work);
        self.queue.push(change)?;
        answer.await.unwrap_or_else(|_| Err(E::from(DbError::Stopped)))
    }

    /// Commits the queued changes and ends the threads. Later changes are refused.
    pub async fn close(&self) {
        let (done, closed) = oneshot::channel();
        self.queue.close(Some(done));
        let _ = closed.await;
    }
}
