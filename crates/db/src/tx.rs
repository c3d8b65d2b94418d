//! `Tx`: a write transaction, with what takes effect at its end.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use shared::live::{LiveEvent, LiveMessage};

use crate::audit_chain::{self, AuditSigner, NewAuditEntry};
use crate::clock::Clock;
use crate::config::Channels;
use crate::conn::{Backend, Conn};
use crate::error::DbError;
use crate::postgres_listener;
use crate::tables::live_events;
use crate::worker_wakeups::BackgroundWorker;

/// What has to happen after the commit.
#[derive(Debug, Default)]
pub(crate) struct PostCommitEffects {
    pub events: Vec<LiveMessage>,
    pub wakeups: Vec<BackgroundWorker>,
}

/// What all transactions of a process share.
#[derive(Clone)]
pub(crate) struct TxContext {
    pub clock: Arc<dyn Clock>,
    pub time_zone: Tz,
    pub audit_signer: Arc<dyn AuditSigner>,
    pub channels: Channels,
}

impl TxContext {
    /// Wraps the transaction that is open on `conn`.
    pub fn begin<'conn>(&self, conn: &'conn mut Conn) -> Tx<'conn> {
        Tx {
            conn,
            now: self.clock.now(),
            time_zone: self.time_zone,
            channels: self.channels,
            audit_signer: Arc::clone(&self.audit_signer),
            audit: Vec::new(),
            events: Vec::new(),
            wakeups: Vec::new(),
        }
    }
}

/// An open write transaction. Audit entries, live events and wake-ups that it collects take effect with
/// the commit or not at all.
pub struct Tx<'conn> {
    conn: &'conn mut Conn,
    now: DateTime<Utc>,
    time_zone: Tz,
    channels: Channels,
    audit_signer: Arc<dyn AuditSigner>,
    audit: Vec<NewAuditEntry>,
    events: Vec<LiveEvent>,
    wakeups: Vec<BackgroundWorker>,
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

    /// Sets the time of the transaction: demo data lies in the past.
    pub fn set_now(&mut self, now: DateTime<Utc>) {
        self.now = crate::clock::truncate_to_micros(now);
    }

    /// The organisation's time zone.
    pub fn time_zone(&self) -> Tz {
        self.time_zone
    }

    /// The configured notification channels.
    pub fn channels(&self) -> Channels {
        self.channels
    }

    /// Adds an audit entry, which is written at the end of the transaction.
    pub fn audit(&mut self, entry: NewAuditEntry) {
        self.audit.push(entry);
    }

    /// Publishes a live event after the commit.
    pub fn emit(&mut self, event: LiveEvent) {
        self.events.push(event);
    }

    /// Wakes a background worker after the commit.
    pub fn wake(&mut self, worker: BackgroundWorker) {
        if !self.wakeups.contains(&worker) {
            self.wakeups.push(worker);
        }
    }

    /// Discards the live events collected so far, for demo data that lies in the past.
    pub fn discard_events(&mut self) {
        self.events.clear();
    }

    /// Writes the collected audit entries and live events, which are numbered in commit order. Both take
    /// locks that block other changes, so nothing else may follow.
    pub(crate) fn finish(self) -> Result<PostCommitEffects, DbError> {
        let Tx { conn, now, audit_signer, audit, events, wakeups, .. } = self;
        audit_chain::append(conn, audit_signer.as_ref(), audit)?;
        if !wakeups.is_empty() && conn.backend() == Backend::Postgres {
            postgres_listener::notify_work(conn)?;
        }
        if events.is_empty() {
            return Ok(PostCommitEffects { events: Vec::new(), wakeups });
        }
        if conn.backend() == Backend::Postgres {
            live_events::lock_order_and_notify(conn)?;
        }
        let number = |event: LiveEvent| -> Result<LiveMessage, DbError> {
            let seq = live_events::insert(conn, &event, now)?;
            Ok(LiveMessage { seq, at: now, event })
        };
        let events = events.into_iter().map(number).collect::<Result<_, _>>()?;
        Ok(PostCommitEffects { events, wakeups })
    }
}
