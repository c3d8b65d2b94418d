//! A write transaction.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use shared::live::{LiveEvent, LiveMessage};

use crate::audit_chain::{self, AuditDraft, AuditSeal};
use crate::clock::Clock;
use crate::config::Channels;
use crate::conn::{Backend, Conn};
use crate::error::DbError;
use crate::postgres_events;
use crate::signals::Worker;
use crate::tables::live_events;

/// What a transaction leaves for others once it is committed.
#[derive(Debug, Default)]
pub(crate) struct Aftermath {
    pub events: Vec<LiveMessage>,
    pub woken: Vec<Worker>,
}

/// What every transaction of a process begins with.
#[derive(Clone)]
pub(crate) struct TxStart {
    pub clock: Arc<dyn Clock>,
    pub time_zone: Tz,
    pub audit_seal: Arc<dyn AuditSeal>,
    pub channels: Channels,
}

impl TxStart {
    /// The transaction that is open on `conn`.
    pub fn begin<'conn>(&self, conn: &'conn mut Conn) -> Tx<'conn> {
        Tx {
            conn,
            now: self.clock.now(),
            time_zone: self.time_zone,
            channels: self.channels,
            audit_seal: Arc::clone(&self.audit_seal),
            audit: Vec::new(),
            events: Vec::new(),
            woken: Vec::new(),
        }
    }
}

/// An open write transaction. What it collects becomes visible with the commit or not at all.
pub struct Tx<'conn> {
    conn: &'conn mut Conn,
    now: DateTime<Utc>,
    time_zone: Tz,
    channels: Channels,
    audit_seal: Arc<dyn AuditSeal>,
    audit: Vec<AuditDraft>,
    events: Vec<LiveEvent>,
    woken: Vec<Worker>,
}

impl Tx<'_> {
    /// The connection, for the queries of the tables.
    pub fn conn(&mut self) -> &mut Conn {
        self.conn
    }

    /// The time of this transaction: the same for everything that it writes.
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// Goes on at another time: the past of demo data.
    pub fn set_now(&mut self, now: DateTime<Utc>) {
        self.now = crate::clock::micros(now);
    }

    /// The organisation's time zone.
    pub fn time_zone(&self) -> Tz {
        self.time_zone
    }

    /// The ways to people that this server has.
    pub fn channels(&self) -> Channels {
        self.channels
    }

    /// Writes an entry of the audit at the end of the transaction.
    pub fn audit(&mut self, entry: AuditDraft) {
        self.audit.push(entry);
    }

    /// Tells connected browsers once the transaction is committed.
    pub fn emit(&mut self, event: LiveEvent) {
        self.events.push(event);
    }

    /// Wakes a worker of this process once the transaction is committed.
    pub fn wake(&mut self, worker: Worker) {
        if !self.woken.contains(&worker) {
            self.woken.push(worker);
        }
    }

    /// Drops what browsers would have been told so far: for a past that nobody watched.
    pub fn forget_events(&mut self) {
        self.events.clear();
    }

    /// Writes what was collected: the audit into its chain, and the events, numbered in the order
    /// of the commits. Both hold up other changes, so nothing else may come after this.
    pub(crate) fn finish(self) -> Result<Aftermath, DbError> {
        let Tx { conn, now, audit_seal, audit, events, woken, .. } = self;
        audit_chain::append(conn, audit_seal.as_ref(), audit)?;
        if !woken.is_empty() && conn.backend() == Backend::Postgres {
            postgres_events::notify_work(conn)?;
        }
        if events.is_empty() {
            return Ok(Aftermath { events: Vec::new(), woken });
        }
        if conn.backend() == Backend::Postgres {
            live_events::lock_order_and_notify(conn)?;
        }
        let number = |event: LiveEvent| -> Result<LiveMessage, DbError> {
            let seq = live_events::insert(conn, &event, now)?;
            Ok(LiveMessage { seq, at: now, event })
        };
        let events = events.into_iter().map(number).collect::<Result<_, _>>()?;
        Ok(Aftermath { events, woken })
    }
}
