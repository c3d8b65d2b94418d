//! `Tx`: a write transaction, with what takes effect at its end.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use shared::live::{LiveEvent, LiveMessage};
use shared::settings::Settings;

use crate::audit_chain::{self, AuditSigner, NewAuditEntry};
use crate::clock::Clock;
use crate::config::Channels;
use crate::conn::{Backend, Conn};
use crate::error::DbError;
use crate::postgres_listener;
use crate::tables::job_timeline::{self, CreatedJobEntry, NewTimelineEntry};
use crate::tables::outbox::TechnicianMessage;
use crate::tables::{live_events, settings};
use crate::tx_cache::TxCache;
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
    /// Wraps the transaction that is open on `conn`, and what its earlier changes left for the later ones.
    pub fn begin<'conn>(&self, conn: &'conn mut Conn, cache: &'conn mut TxCache) -> Tx<'conn> {
        Tx {
            conn,
            cache,
            now: self.clock.now(),
            time_zone: self.time_zone,
            channels: self.channels,
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
    cache: &'conn mut TxCache,
    now: DateTime<Utc>,
    time_zone: Tz,
    channels: Channels,
    audit: Vec<NewAuditEntry>,
    events: Vec<LiveEvent>,
    wakeups: Vec<BackgroundWorker>,
}

impl Tx<'_> {
    /// The connection, for the queries of the tables.
    pub fn conn(&mut self) -> &mut Conn {
        self.conn
    }

    /// The organisation's settings.
    pub fn settings(&mut self) -> Result<Arc<Settings>, DbError> {
        self.cache.settings(self.conn)
    }

    /// Stores the settings under their next version.
    pub fn store_settings(&mut self, new: &Settings) -> Result<(), DbError> {
        self.cache.forget_settings();
        settings::store(self.conn, new, self.now.naive_utc())
    }

    /// Takes the next number of a series, starting at 1. No number is left out: the series is locked until the
    /// transaction ends, and keeps its numbers if it fails.
    pub fn next_number(&mut self, series: &str) -> Result<i64, DbError> {
        self.take_numbers(series, 1)
    }

    /// Takes the next `count` numbers of a series and returns the last of them.
    pub fn take_numbers(&mut self, series: &str, count: i64) -> Result<i64, DbError> {
        self.cache.take_numbers(self.conn, series, count)
    }

    /// Makes a series go on after `number`, unless it is beyond it already.
    pub fn skip_numbers(&mut self, series: &str, number: i64) -> Result<(), DbError> {
        self.cache.raise_counter(self.conn, series, number)
    }

    /// Adds an entry to the timeline of a job.
    pub fn add_timeline_entry(&mut self, entry: &NewTimelineEntry<'_>) -> Result<(), DbError> {
        // Entries are read in the order in which they were written.
        self.cache.write_timeline(self.conn)?;
        job_timeline::insert(self.conn, entry)
    }

    /// Adds the first entry to the timeline of a job, which is written at the end of the transaction, or before the
    /// next entry.
    pub fn add_created_entry(&mut self, entry: CreatedJobEntry) {
        self.cache.add_created_job(entry);
    }

    /// Queues a message to every technician who can take a job when the transaction ends.
    pub fn message_technicians(&mut self, message: TechnicianMessage) {
        self.cache.add_technician_message(message);
    }

    /// Writes the messages to the technicians now, for a change that looks for them.
    pub fn write_technician_messages(&mut self) -> Result<(), DbError> {
        self.cache.write_messages(self.conn)
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

    /// Ends the change; what it collected is written with [`write_drafts`].
    pub(crate) fn into_drafts(self) -> TxDrafts {
        TxDrafts { now: self.now, audit: self.audit, events: self.events, wakeups: self.wakeups }
    }
}

/// What a change collected, before it is written.
#[derive(Debug)]
pub(crate) struct TxDrafts {
    now: DateTime<Utc>,
    audit: Vec<NewAuditEntry>,
    events: Vec<LiveEvent>,
    wakeups: Vec<BackgroundWorker>,
}

impl TxDrafts {
    /// Wakes a background worker after the commit.
    pub fn wake(&mut self, worker: BackgroundWorker) {
        if !self.wakeups.contains(&worker) {
            self.wakeups.push(worker);
        }
    }
}

/// Writes the audit entries and live events of the changes of a transaction. Both are numbered in commit order
/// under locks that block other transactions, so only the commit may follow. Returns the effects of each change.
pub(crate) fn write_drafts(
    conn: &mut Conn,
    signer: &dyn AuditSigner,
    drafts: Vec<TxDrafts>,
) -> Result<Vec<PostCommitEffects>, DbError> {
    let mut audit = Vec::new();
    let mut effects = Vec::with_capacity(drafts.len());
    let mut events: Vec<(LiveEvent, DateTime<Utc>)> = Vec::new();
    let mut counts = Vec::with_capacity(drafts.len());
    for draft in drafts {
        audit.extend(draft.audit);
        counts.push(draft.events.len());
        events.extend(draft.events.into_iter().map(|event| (event, draft.now)));
        effects.push(PostCommitEffects { events: Vec::new(), wakeups: draft.wakeups });
    }
    audit_chain::append(conn, signer, audit)?;
    if conn.backend() == Backend::Postgres {
        if effects.iter().any(|one| !one.wakeups.is_empty()) {
            postgres_listener::notify_work(conn)?;
        }
        if !events.is_empty() {
            live_events::lock_order_and_notify(conn)?;
        }
    }
    let mut messages = live_events::insert(conn, events)?.into_iter();
    for (one, count) in effects.iter_mut().zip(counts) {
        one.events = messages.by_ref().take(count).collect();
    }
    Ok(effects)
}
