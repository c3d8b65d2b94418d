//! The two doors to the database.

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use chrono_tz::Tz;
use diesel::connection::SimpleConnection;
use tokio::sync::oneshot;
use tokio::task::spawn_blocking;

use crate::audit_chain::{self, AuditSeal};
use crate::clock::Clock;
use crate::config::{Channels, DatabaseUrl};
use crate::conn::{Backend, Conn};
use crate::error::{DbError, WriteError};
use crate::live_bus::LiveBus;
use crate::pool::{self, Pool};
use crate::postgres_events::Ends;
use crate::signals::Signals;
use crate::tx::{Aftermath, Tx, TxStart};
use crate::writer::{Change, Outcome, Writer};
use crate::{migrate, postgres_events};

/// Times that a transaction is run again after it lost against a concurrent one.
const MAX_TRIES: u32 = 12;

/// How to open the database.
#[derive(Clone)]
pub struct DbOptions {
    pub url: DatabaseUrl,
    /// Connections for reading; on PostgreSQL for writing too.
    pub pool_size: u32,
    pub clock: Arc<dyn Clock>,
    /// Of the organisation: days begin and end there.
    pub time_zone: Tz,
    /// Makes the codes that chain the entries of the audit.
    pub audit_seal: Arc<dyn AuditSeal>,
    /// The ways to people that this server has: what is queued for another one waits, disabled.
    pub channels: Channels,
}

/// The database of one server process. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    pool: Pool,
    /// SQLite only: PostgreSQL writes through the pool.
    writer: Option<Writer>,
    start: TxStart,
    bus: LiveBus,
    signals: Signals,
    /// Background threads end with its last copy.
    _alive: Arc<()>,
}

impl Db {
    /// Opens the database and brings its schema up to date.
    ///
    /// # Errors
    /// It can not be reached; a migration fails; it was sealed with a key that is not there.
    pub fn open(options: DbOptions) -> Result<Self, DbError> {
        let DbOptions { url, pool_size, clock, time_zone, audit_seal, channels } = options;
        let connect = |url| Conn::open(url).map_err(|error| DbError::Connection(error.to_string()));
        let mut conn = connect(&url)?;
        migrate::run(&mut conn)?;
        audit_chain::begin(&mut conn, audit_seal.as_ref())?;
        let start = TxStart { clock, time_zone, audit_seal, channels };
        let (bus, alive) = (LiveBus::new(), Arc::new(()));
        let signals = Signals::default();
        let pool = pool::open(&url, pool_size)?;
        let thread = |error: std::io::Error| DbError::Connection(error.to_string());
        let writer = match conn.backend() {
            Backend::Sqlite => {
                let ends = (bus.clone(), signals.clone());
                Some(Writer::start(conn, start.clone(), ends).map_err(thread)?)
            }
            Backend::Postgres => {
                let ends = Ends { bus: bus.clone(), signals: signals.clone() };
                postgres_events::start(url, conn, ends, Arc::downgrade(&alive)).map_err(thread)?;
                None
            }
        };
        Ok(Self { pool, writer, start, bus, signals, _alive: alive })
    }

    /// The clock that stamps every change.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.start.clock
    }

    /// The organisation's time zone.
    pub fn time_zone(&self) -> Tz {
        self.start.time_zone
    }

    /// Which database it is.
    pub fn backend(&self) -> Backend {
        if self.writer.is_some() { Backend::Sqlite } else { Backend::Postgres }
    }

    /// Committed live events.
    pub fn live(&self) -> &LiveBus {
        &self.bus
    }

    /// The bells of the workers.
    pub fn signals(&self) -> &Signals {
        &self.signals
    }

    /// Runs `work` with a connection on a blocking thread.
    ///
    /// # Errors
    /// Whatever `work` returns; no connection within ten seconds.
    pub async fn read<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: WriteError,
        F: FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
    {
        let pool = self.pool.clone();
        let run = move || work(&mut *take(&pool)?);
        spawn_blocking(run).await.unwrap_or_else(|_| Err(E::from(DbError::Stopped)))
    }

    /// Runs `work` in a write transaction. It may be run again when it lost against a concurrent
    /// one, so it must not do anything but use the transaction.
    ///
    /// # Errors
    /// Whatever `work` returns (then nothing was written); a failed commit.
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: WriteError,
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        match &self.writer {
            Some(writer) => {
                let (reply, answer) = oneshot::channel();
                writer.submit(Box::new(Queued { work, reply: Some(reply) }))?;
                answer.await.unwrap_or_else(|_| Err(E::from(DbError::Stopped)))
            }
            None => {
                let (pool, start) = (self.pool.clone(), self.start.clone());
                let run = move || write_with_retry(&pool, &start, work);
                let done = spawn_blocking(run).await;
                let (value, aftermath) = done.unwrap_or_else(|_| Err(E::from(DbError::Stopped)))?;
                aftermath.woken.into_iter().for_each(|worker| self.signals.wake(worker));
                Ok(value)
            }
        }
    }
}

fn take<E: From<DbError>>(pool: &Pool) -> Result<r2d2::PooledConnection<pool::Manager>, E> {
    pool.get().map_err(|error| E::from(DbError::Connection(error.to_string())))
}

/// A change on its way to the SQLite writer and back.
struct Queued<T, E, F> {
    work: F,
    reply: Option<oneshot::Sender<Result<T, E>>>,
}

impl<T, E, F> Change for Queued<T, E, F>
where
    T: Send + 'static,
    E: WriteError,
    F: Fn(&mut Tx<'_>) -> Result<T, E> + Send,
{
    fn run(&mut self, mut tx: Tx<'_>) -> Outcome {
        let done = (self.work)(&mut tx).and_then(|value| Ok((value, tx.finish()?)));
        match done {
            Ok((value, aftermath)) => Outcome::Done { answer: boxed(Ok::<T, E>(value)), aftermath },
            Err(error) => Outcome::Failed { answer: boxed(Err::<T, E>(error)) },
        }
    }

    fn answer(mut self: Box<Self>, outcome: Result<Outcome, DbError>) {
        let Some(reply) = self.reply.take() else { return };
        let answer = match outcome {
            Ok(Outcome::Done { answer, .. } | Outcome::Failed { answer }) => answer
                .downcast::<Result<T, E>>()
                .map_or_else(|_| Err(E::from(DbError::Stopped)), |answer| *answer),
            Err(error) => Err(E::from(error)),
        };
        // The caller may have gone away; the change stands all the same.
        let _ = reply.send(answer);
    }
}

fn boxed<T: Send + 'static>(value: T) -> Box<dyn Any + Send> {
    Box::new(value)
}

fn write_with_retry<T, E, F>(pool: &Pool, start: &TxStart, work: F) -> Result<(T, Aftermath), E>
where
    E: WriteError,
    F: Fn(&mut Tx<'_>) -> Result<T, E>,
{
    let mut conn = take::<E>(pool)?;
    let mut attempt = 1;
    loop {
        match write_once(&mut conn, start, &work) {
            Err(error) if error.is_retryable() && attempt < MAX_TRIES => {
                // Both losers would meet again if they came back at the same moment.
                std::thread::sleep(Duration::from_millis(u64::from(attempt) * 2));
                attempt += 1;
            }
            outcome => return outcome,
        }
    }
}

fn write_once<T, E, F>(conn: &mut Conn, start: &TxStart, work: &F) -> Result<(T, Aftermath), E>
where
    E: WriteError,
    F: Fn(&mut Tx<'_>) -> Result<T, E>,
{
    let sql =
        |conn: &mut Conn, text| conn.batch_execute(text).map_err(|e| E::from(DbError::Query(e)));
    sql(conn, "BEGIN")?;
    let mut tx = start.begin(conn);
    let done = match work(&mut tx) {
        Ok(value) => tx.finish().map(|aftermath| (value, aftermath)).map_err(E::from),
        Err(error) => Err(error),
    };
    match done {
        Ok(done) => sql(conn, "COMMIT").map(|()| done),
        Err(error) => {
            sql(conn, "ROLLBACK")?;
            Err(error)
        }
    }
}
