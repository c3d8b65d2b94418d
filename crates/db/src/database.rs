//! `Db`: the handle to the database of a process.
//!
//! - [`Db::read`] runs a query on a pooled connection.
//! - [`Db::write`] runs a change in a write transaction, which it may share with others.

use std::path::Path;
use std::sync::Arc;

use chrono_tz::Tz;

use crate::audit_chain::{self, AuditSigner};
use crate::clock::Clock;
use shared::StorageFault;

use crate::config::{Channels, DatabaseUrl};
use crate::conn::{Backend, Conn};
use crate::error::{DbError, WriteError};
use crate::live_bus::LiveBus;
use crate::pool::{self, Pool};
use crate::postgres_listener::EventSinks;
use crate::readers::{ReaderThreads, Readers};
use crate::storage::{self, DataFile, Purpose, Reserve, StorageHealth, StorageWatch};
use crate::tx::{Tx, TxContext};
use crate::worker_wakeups::WorkerWakeups;
use crate::writer::Writer;
use crate::{migrate, postgres_listener, search_rebuild};

/// How to open the database.
#[derive(Clone)]
pub struct DbOptions {
    pub url: DatabaseUrl,
    /// Connections for reading; PostgreSQL has some more for writing.
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
    readers: Arc<Readers>,
    backend: Backend,
    writer: Writer,
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
        let (pool, backend, writer, health, file) = match &url {
            DatabaseUrl::Sqlite(path) => {
                let (conn, file) = open_sqlite(&url, path, purpose, &tx_context)?;
                let health = sqlite_health(&file, purpose);
                let sinks = (bus.clone(), worker_wakeups.clone());
                let writer =
                    Writer::start_sqlite(conn, Arc::clone(&file), tx_context.clone(), sinks);
                let writer = writer.map_err(thread)?;
                (pool::open(&url, pool_size)?, Backend::Sqlite, writer, health, Some(file))
            }
            DatabaseUrl::Postgres(_) => {
                let mut conn = connect(&url)?;
                prepare(&mut conn, &tx_context)?;
                let sinks = EventSinks { bus: bus.clone(), worker_wakeups: worker_wakeups.clone() };
                let listener =
                    postgres_listener::start(url.clone(), conn, sinks, Arc::downgrade(&alive));
                listener.map_err(thread)?;
                let writers = u32::try_from(Writer::postgres_threads()).unwrap_or_default();
                let pool = pool::open(&url, pool_size.saturating_add(writers))?;
                let writer = Writer::start_postgres(&pool, &tx_context, &worker_wakeups);
                let health = StorageHealth::new("the database", None);
                (pool, Backend::Postgres, writer.map_err(thread)?, health, None)
            }
        };
        if purpose == Purpose::Serve {
            let watched = StorageWatch { url, file, health: health.clone() };
            storage::start_watch(watched, Arc::downgrade(&alive)).map_err(thread)?;
        }
        let readers = Readers::start(reader_threads(backend, pool_size)).map_err(thread)?;
        let readers = Arc::new(readers);
        Ok(Self {
            pool,
            readers,
            backend,
            writer,
            tx_context,
            bus,
            worker_wakeups,
            health,
            _alive: alive,
        })
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
        self.backend
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

    /// Runs `work` with a connection on a thread for reading.
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
        let run = move || {
            let mut conn = match checkout(&pool) {
                Ok(conn) => conn,
                Err(error) => return (Err(error), true),
            };
            let checked = conn.is_checked();
            let done = work(&mut conn);
            if done.as_ref().err().is_none_or(|error: &E| error.storage_fault().is_none()) {
                conn.confirm_works();
            }
            (done, checked)
        };
        let (done, checked) =
            self.readers.run(run).await.unwrap_or_else(|| (Err(E::from(DbError::Stopped)), true));
        let lost = |error: &E| error.storage_fault() == Some(StorageFault::Unreachable);
        if !checked && done.as_ref().err().is_some_and(lost) {
            // Perhaps only this connection was lost. The next read checks its own first.
            return done;
        }
        self.report_fault(done)
    }

    /// Runs `work` in a write transaction, together with other changes that wait. It may be run again when one of
    /// them fails or a concurrent transaction gets in between, so it must not do anything but use the transaction.
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
        let done = self.writer.write(work).await;
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
        self.writer.close().await;
    }
}

/// Reads of SQLite keep a processor busy; those of PostgreSQL also wait for its answers.
fn reader_threads(backend: Backend, pool_size: u32) -> ReaderThreads {
    let processors = std::thread::available_parallelism().map_or(2, usize::from).max(2);
    let most = usize::try_from(pool_size).unwrap_or(usize::MAX);
    let usual = match backend {
        Backend::Sqlite => processors,
        Backend::Postgres => processors * 2,
    };
    ReaderThreads { usual: usual.min(most), most }
}

fn refusal(fault: StorageFault) -> DbError {
    DbError::Storage { fault, cause: format!("refused because of a storage fault ({fault})") }
}

fn connect(url: &DatabaseUrl) -> Result<Conn, DbError> {
    Conn::open(url).map_err(|error| DbError::Connection(error.to_string()))
}

fn prepare(conn: &mut Conn, tx_context: &TxContext) -> Result<(), DbError> {
    migrate::run(conn)?;
    search_rebuild::rebuild_if_outdated(conn)?;
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
