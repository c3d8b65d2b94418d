//! `Db`: the handle to the database of a process.
//!
//! - [`Db::read`] runs a query on a pooled connection.
//! - [`Db::write`] runs a write transaction: on SQLite by the single writer thread, on PostgreSQL on a
//!   pooled connection, again after a conflict.

use std::any::Any;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use chrono_tz::Tz;
use diesel::connection::SimpleConnection;
use tokio::sync::oneshot;
use tokio::task::spawn_blocking;

use crate::audit_chain::{self, AuditSigner};
use crate::clock::Clock;
use shared::StorageFault;

use crate::config::{Channels, DatabaseUrl};
use crate::conn::{Backend, Conn};
use crate::error::{DbError, WriteError};
use crate::live_bus::LiveBus;
use crate::pool::{self, Pool};
use crate::postgres_listener::EventSinks;
use crate::storage::{self, DataFile, Purpose, Reserve, StorageHealth, StorageWatch};
use crate::tx::{PostCommitEffects, Tx, TxContext};
use crate::worker_wakeups::WorkerWakeups;
use crate::writer::{WriteJob, WriteOutcome, Writer};
use crate::{migrate, postgres_listener};

/// Attempts of a transaction that conflicts with concurrent ones.
const MAX_TRIES: u32 = 12;

/// How to open the database.
#[derive(Clone)]
pub struct DbOptions {
    pub url: DatabaseUrl,
    /// Connections for reading; on PostgreSQL for writing too.
    pub pool_size: u32,
    pub clock: Arc<dyn Clock>,
    /// The organisation's time zone.
    pub time_zone: Tz,
    /// Signs the entries of the audit chain.
    pub audit_signer: Arc<dyn AuditSigner>,
    /// The configured channels: messages for another one are queued as disabled.
    pub channels: Channels,
    /// Whether this process is the server or a command.
    pub purpose: Purpose,
}

/// The database of one process. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    pool: Pool,
    /// SQLite only: PostgreSQL writes through the pool.
    writer: Option<Writer>,
    tx_context: TxContext,
    bus: LiveBus,
    worker_wakeups: WorkerWakeups,
    health: StorageHealth,
    /// The background threads end when the last copy is dropped.
    _alive: Arc<()>,
}

impl Db {
    /// Opens the database and brings its schema up to date.
    ///
    /// # Errors
    /// [`DbError::Storage`] and [`DbError::Connection`] if it can not be reached, is damaged, missing or in
    /// use; [`DbError::Migration`]; [`DbError::UnknownKey`].
    pub fn open(options: DbOptions) -> Result<Self, DbError> {
        let DbOptions { url, pool_size, clock, time_zone, audit_signer, channels, purpose } =
            options;
        let tx_context = TxContext { clock, time_zone, audit_signer, channels };
        let (bus, alive) = (LiveBus::new(), Arc::new(()));
        let worker_wakeups = WorkerWakeups::default();
        let thread = |error: std::io::Error| DbError::Connection(error.to_string());
        let (pool, writer, health, file) = match &url {
            DatabaseUrl::Sqlite(path) => {
                let (conn, file) = open_sqlite(&url, path, purpose, &tx_context)?;
                let health = sqlite_health(&file, purpose);
                let sinks = (bus.clone(), worker_wakeups.clone());
                let writer = Writer::start(conn, Arc::clone(&file), tx_context.clone(), sinks);
                (pool::open(&url, pool_size)?, Some(writer.map_err(thread)?), health, Some(file))
            }
            DatabaseUrl::Postgres(_) => {
                let mut conn = connect(&url)?;
                prepare(&mut conn, &tx_context)?;
                let sinks = EventSinks { bus: bus.clone(), worker_wakeups: worker_wakeups.clone() };
                let listener =
                    postgres_listener::start(url.clone(), conn, sinks, Arc::downgrade(&alive));
                listener.map_err(thread)?;
                (pool::open(&url, pool_size)?, None, StorageHealth::new("the database", None), None)
            }
        };
        if purpose == Purpose::Serve {
            let watched = StorageWatch { url, file, health: health.clone() };
            storage::start_watch(watched, Arc::downgrade(&alive)).map_err(thread)?;
        }
        Ok(Self { pool, writer, tx_context, bus, worker_wakeups, health, _alive: alive })
    }

    /// The clock of all transactions.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.tx_context.clock
    }

    /// The organisation's time zone.
    pub fn time_zone(&self) -> Tz {
        self.tx_context.time_zone
    }

    /// Which database it is.
    pub fn backend(&self) -> Backend {
        if self.writer.is_some() { Backend::Sqlite } else { Backend::Postgres }
    }

    /// Committed live events.
    pub fn live(&self) -> &LiveBus {
        &self.bus
    }

    /// The wake-ups of the background workers.
    pub fn wakeups(&self) -> &WorkerWakeups {
        &self.worker_wakeups
    }

    /// The state of the database storage.
    pub fn health(&self) -> &StorageHealth {
        &self.health
    }

    /// Fails if requests can not be served: the database does not answer or takes no changes.
    ///
    /// # Errors
    /// [`DbError::Storage`] with the fault, [`DbError::Connection`].
    pub async fn ready(&self) -> Result<(), DbError> {
        if let Some(fault) = self.health.fault() {
            return Err(refusal(fault));
        }
        self.read(|conn| conn.check_writable()).await
    }

    /// Runs `work` with a connection on a blocking thread.
    ///
    /// # Errors
    /// Whatever `work` returns; [`DbError::Connection`] if there is no connection within five seconds.
    pub async fn read<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: WriteError,
        F: FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
    {
        if self.health.fault() == Some(StorageFault::Unreachable) {
            return Err(E::from(refusal(StorageFault::Unreachable)));
        }
        let pool = self.pool.clone();
        let run = move || work(&mut *checkout(&pool)?);
        let done = spawn_blocking(run).await.unwrap_or_else(|_| Err(E::from(DbError::Stopped)));
        self.report_fault(done)
    }

    /// Runs `work` in a write transaction. It may be run again when it lost against a concurrent
    /// one, so it must not do anything but use the transaction.
    ///
    /// # Errors
    /// Whatever `work` returns (then nothing was written); [`DbError::Storage`] while nothing can be
    /// written; a failed commit.
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: WriteError,
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        match self.health.fault() {
            Some(fault) => Err(E::from(refusal(fault))),
            None => self.commit(work).await,
        }
    }

    /// Like [`Db::write`], but also while the disk is full, using the reserve file. Only for small changes
    /// without which nobody could sign in to see what is wrong.
    ///
    /// # Errors
    /// As [`Db::write`].
    pub async fn write_essential<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: WriteError,
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        match self.health.fault() {
            None | Some(StorageFault::Full) => self.commit(work).await,
            Some(fault) => Err(E::from(refusal(fault))),
        }
    }

    async fn commit<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: WriteError,
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        let done = match &self.writer {
            Some(writer) => {
                let (reply, answer) = oneshot::channel();
                writer.submit(Box::new(QueuedWrite { work, reply: Some(reply) }))?;
                answer.await.unwrap_or_else(|_| Err(E::from(DbError::Stopped)))
            }
            None => {
                let (pool, tx_context) = (self.pool.clone(), self.tx_context.clone());
                let run = move || write_with_retry(&pool, &tx_context, work);
                let done = spawn_blocking(run).await;
                let done = done.unwrap_or_else(|_| Err(E::from(DbError::Stopped)));
                done.map(|(value, effects)| {
                    effects.wakeups.into_iter().for_each(|worker| self.worker_wakeups.wake(worker));
                    value
                })
            }
        };
        self.report_fault(done)
    }

    fn report_fault<T, E: WriteError>(&self, done: Result<T, E>) -> Result<T, E> {
        if let Err(error) = &done
            && let Some(fault) = error.storage_fault()
        {
            self.health.report_fault(fault);
        }
        done
    }

    /// Stops writing: queued changes are committed, and the write-ahead log of SQLite is merged into the
    /// file. Later writes fail.
    pub async fn close(&self) {
        if let Some(writer) = &self.writer {
            writer.close().await;
        }
    }
}

fn refusal(fault: StorageFault) -> DbError {
    DbError::Storage { fault, cause: format!("refused because of a storage fault ({fault})") }
}

fn connect(url: &DatabaseUrl) -> Result<Conn, DbError> {
    Conn::open(url).map_err(|error| DbError::Connection(error.to_string()))
}

fn prepare(conn: &mut Conn, tx_context: &TxContext) -> Result<(), DbError> {
    migrate::run(conn)?;
    audit_chain::initialize(conn, tx_context.audit_signer.as_ref())
}

fn open_sqlite(
    url: &DatabaseUrl,
    path: &Path,
    purpose: Purpose,
    tx_context: &TxContext,
) -> Result<(Conn, Arc<DataFile>), DbError> {
    let mut file = DataFile::locate(path, purpose)?;
    let opened = connect(url).and_then(|mut conn| {
        file.verify_opened(&mut conn)?;
        prepare(&mut conn, tx_context)?;
        Ok(conn)
    });
    let conn = opened.map_err(|error| with_file_context(error, file.path()))?;
    Ok((conn, Arc::new(file)))
}

/// Adds the file and, for a lock, the process that holds it to an error message.
fn with_file_context(error: DbError, path: &Path) -> DbError {
    if matches!(error, DbError::Storage { .. }) {
        return error;
    }
    let Some(fault) = error.storage_fault() else { return error };
    let held = match fault {
        StorageFault::Locked => storage::lock_holder(path)
            .map_or_else(String::new, |holder| format!(", held by {holder}")),
        StorageFault::Damaged => ": restore a backup, see docs/OPERATIONS.md".to_owned(),
        StorageFault::Full => ": make room first".to_owned(),
        _ => String::new(),
    };
    DbError::Storage { fault, cause: format!("{}: {error}{held}", path.display()) }
}

fn sqlite_health(file: &DataFile, purpose: Purpose) -> StorageHealth {
    let folder = file.path().parent().map(Path::to_owned);
    let reserve = (purpose == Purpose::Serve).then(|| Reserve::for_database(file.path()));
    StorageHealth::with_reserve("the database file", folder, reserve)
}

fn checkout<E: From<DbError>>(pool: &Pool) -> Result<r2d2::PooledConnection<pool::Manager>, E> {
    pool.get().map_err(|error| E::from(pool::pool_error(&error)))
}

/// A write that is queued for the SQLite writer, with the channel for its result.
struct QueuedWrite<T, E, F> {
    work: F,
    reply: Option<oneshot::Sender<Result<T, E>>>,
}

impl<T, E, F> WriteJob for QueuedWrite<T, E, F>
where
    T: Send + 'static,
    E: WriteError,
    F: Fn(&mut Tx<'_>) -> Result<T, E> + Send,
{
    fn run(&mut self, mut tx: Tx<'_>) -> WriteOutcome {
        let done = (self.work)(&mut tx).and_then(|value| Ok((value, tx.finish()?)));
        match done {
            Ok((value, effects)) => {
                WriteOutcome::Done { answer: boxed(Ok::<T, E>(value)), effects }
            }
            Err(error) => {
                let fault = error.storage_fault().filter(|fault| fault.needs_attention());
                WriteOutcome::Failed { answer: boxed(Err::<T, E>(error)), fault }
            }
        }
    }

    fn answer(mut self: Box<Self>, outcome: Result<WriteOutcome, DbError>) {
        let Some(reply) = self.reply.take() else { return };
        let answer = match outcome {
            Ok(WriteOutcome::Done { answer, .. } | WriteOutcome::Failed { answer, .. }) => answer
                .downcast::<Result<T, E>>()
                .map_or_else(|_| Err(E::from(DbError::Stopped)), |answer| *answer),
            Ok(WriteOutcome::Panicked) => Err(E::from(DbError::Stopped)),
            Err(error) => Err(E::from(error)),
        };
        // The caller may be gone; the change is committed all the same.
        let _ = reply.send(answer);
    }
}

fn boxed<T: Send + 'static>(value: T) -> Box<dyn Any + Send> {
    Box::new(value)
}

/// The result of one attempt on PostgreSQL.
enum CommitAttempt<T, E> {
    Done(T),
    /// Nothing was written.
    Failed(E),
    /// The connection was lost while the commit was under way: it may have happened.
    Unknown(E),
}

fn write_with_retry<T, E, F>(
    pool: &Pool,
    tx_context: &TxContext,
    work: F,
) -> Result<(T, PostCommitEffects), E>
where
    E: WriteError,
    F: Fn(&mut Tx<'_>) -> Result<T, E>,
{
    let mut attempt = 1;
    loop {
        let tried = try_write(&mut *checkout::<E>(pool)?, tx_context, &work);
        let error = match tried {
            CommitAttempt::Done(done) => return Ok(done),
            CommitAttempt::Unknown(error) => return Err(error),
            CommitAttempt::Failed(error) => error,
        };
        let lost = error.storage_fault() == Some(StorageFault::Unreachable);
        if !(lost || error.is_retryable()) || attempt >= MAX_TRIES {
            return Err(error);
        }
        // Transactions that conflicted would conflict again if all of them retried at once.
        std::thread::sleep(Duration::from_millis(u64::from(attempt) * 2));
        attempt += 1;
    }
}

fn try_write<T, E, F>(
    conn: &mut Conn,
    tx_context: &TxContext,
    work: &F,
) -> CommitAttempt<(T, PostCommitEffects), E>
where
    E: WriteError,
    F: Fn(&mut Tx<'_>) -> Result<T, E>,
{
    let sql =
        |conn: &mut Conn, text| conn.batch_execute(text).map_err(|e| E::from(DbError::Query(e)));
    if let Err(error) = sql(conn, "BEGIN") {
        return CommitAttempt::Failed(error);
    }
    let mut tx = tx_context.begin(conn);
    let done = match work(&mut tx) {
        Ok(value) => tx.finish().map(|effects| (value, effects)).map_err(E::from),
        Err(error) => Err(error),
    };
    match done {
        Ok(done) => match sql(conn, "COMMIT") {
            Ok(()) => CommitAttempt::Done(done),
            Err(error) if error.is_retryable() => CommitAttempt::Failed(error),
            Err(error) => CommitAttempt::Unknown(error),
        },
        Err(error) => {
            // Fails if the connection is lost; then the server rolls back and the connection is dropped.
            let _ = sql(conn, "ROLLBACK");
            CommitAttempt::Failed(error)
        }
    }
}
