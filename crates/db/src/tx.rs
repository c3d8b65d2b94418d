//! A write transaction.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use shared::live::{LiveEvent, LiveMessage};

use crate::conn::{Backend, Conn};
use crate::error::DbError;
use crate::tables::live_events;

/// An open write transaction. What it collects becomes visible with the commit or not at all.
pub struct Tx<'conn> {
    conn: &'conn mut Conn,
    now: DateTime<Utc>,
    time_zone: Tz,
    events: Vec<LiveEvent>,
}

impl<'conn> Tx<'conn> {
    pub(crate) fn new(conn: &'conn mut Conn, now: DateTime<Utc>, time_zone: Tz) -> Self {
        Self { conn, now, time_zone, events: Vec::new() }
    }

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

    /// Tells connected browsers once the transaction is committed.
    pub fn emit(&mut self, event: LiveEvent) {
        self.events.push(event);
    }

    /// Drops what browsers would have been told so far: for a past that nobody watched.
    pub fn forget_events(&mut self) {
        self.events.clear();
    }

    /// Writes the collected events and numbers them in the order of the commits.
    pub(crate) fn finish(self) -> Result<Vec<LiveMessage>, DbError> {
        let Tx { conn, now, events, .. } = self;
        if events.is_empty() {
            return Ok(Vec::new());
        }
        if conn.backend() == Backend::Postgres {
            live_events::lock_order_and_notify(conn)?;
        }
        let number = |event: LiveEvent| -> Result<LiveMessage, DbError> {
            let seq = live_events::insert(conn, &event, now)?;
            Ok(LiveMessage { seq, at: now, event })
        };
        events.into_iter().map(number).collect()
    }
}
