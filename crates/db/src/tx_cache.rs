//! What the changes of one transaction share, so that not each of them asks the database, and what they leave for
//! its end, where one statement writes the rows of all of them. To PostgreSQL each statement is a round trip.

use std::collections::BTreeMap;
use std::sync::Arc;

use shared::notification::Channel;
use shared::settings::Settings;

use crate::conn::Conn;
use crate::error::DbError;
use crate::tables::job_timeline::{self, CreatedJobEntry};
use crate::tables::outbox::{self, TechnicianMessage};
use crate::tables::{counters, settings};
use crate::worker_wakeups::BackgroundWorker;

/// Settings, counters and unwritten rows of an open transaction. They have to be dropped when it is rolled back.
#[derive(Default)]
pub(crate) struct TxCache {
    settings: Option<Arc<Settings>>,
    counters: BTreeMap<String, Counter>,
    created_jobs: Vec<CreatedJobEntry>,
    technician_messages: Vec<TechnicianMessage>,
    wakeups: Vec<BackgroundWorker>,
    uses: u64,
}

/// A counter whose row is locked by this transaction.
struct Counter {
    stored: i64,
    value: i64,
}

impl TxCache {
    /// Forgets what a change that was undone has left. The work of earlier changes is still woken for.
    pub fn undo(&mut self) {
        *self = Self { wakeups: std::mem::take(&mut self.wakeups), ..Self::default() };
    }

    /// The settings as this transaction sees them.
    pub fn settings(&mut self, conn: &mut Conn) -> Result<Arc<Settings>, DbError> {
        if let Some(settings) = &self.settings {
            return Ok(Arc::clone(settings));
        }
        let settings = Arc::new(settings::load(conn)?);
        self.settings = Some(Arc::clone(&settings));
        Ok(settings)
    }

    /// Forgets the settings, because they are about to change.
    pub fn forget_settings(&mut self) {
        self.settings = None;
    }

    /// Takes the next `count` numbers of a counter and returns the last of them.
    pub fn take_numbers(
        &mut self,
        conn: &mut Conn,
        name: &str,
        count: i64,
    ) -> Result<i64, DbError> {
        self.uses += 1;
        if let Some(counter) = self.counters.get_mut(name) {
            counter.value += count;
            return Ok(counter.value);
        }
        let value = counters::take(conn, name, count)?;
        self.counters.insert(name.to_owned(), Counter { stored: value, value });
        Ok(value)
    }

    /// Raises a counter to `value`, unless it is higher already.
    pub fn raise_counter(
        &mut self,
        conn: &mut Conn,
        name: &str,
        value: i64,
    ) -> Result<(), DbError> {
        let last = self.take_numbers(conn, name, 0)?;
        self.take_numbers(conn, name, (value - last).max(0)).map(drop)
    }

    /// Leaves the first timeline entry of a job for the end.
    pub fn add_created_job(&mut self, entry: CreatedJobEntry) {
        self.uses += 1;
        self.created_jobs.push(entry);
    }

    /// Leaves a message to the technicians for the end.
    pub fn add_technician_message(&mut self, message: TechnicianMessage) {
        self.uses += 1;
        self.technician_messages.push(message);
    }

    /// Grows whenever a change takes a number, leaves something for the end, or has it written: a change that fails after
    /// that has to be undone.
    pub fn uses(&self) -> u64 {
        self.uses
    }

    /// The workers that what was written has work for.
    pub fn take_wakeups(&mut self) -> Vec<BackgroundWorker> {
        std::mem::take(&mut self.wakeups)
    }

    /// Writes the timeline entries that were left for the end.
    pub fn write_timeline(&mut self, conn: &mut Conn) -> Result<(), DbError> {
        let entries = std::mem::take(&mut self.created_jobs);
        self.uses += u64::from(!entries.is_empty());
        job_timeline::insert_created(conn, &entries)
    }

    /// Writes the messages that were left for the end.
    pub fn write_messages(&mut self, conn: &mut Conn) -> Result<(), DbError> {
        let messages = std::mem::take(&mut self.technician_messages);
        self.uses += u64::from(!messages.is_empty());
        if outbox::insert_for_technicians(conn, &messages)? {
            self.wakeups.push(BackgroundWorker::Outbox(Channel::Telegram));
        }
        Ok(())
    }

    /// Writes everything. The last changes of the transaction may still follow.
    pub fn write(&mut self, conn: &mut Conn) -> Result<(), DbError> {
        self.write_timeline(conn)?;
        self.write_messages(conn)?;
        for (name, counter) in &mut self.counters {
            if counter.value > counter.stored {
                counters::take(conn, name, counter.value - counter.stored)?;
                counter.stored = counter.value;
            }
        }
        Ok(())
    }
}
