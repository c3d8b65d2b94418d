//! What the changes of one transaction share, so that not each of them asks the database, and what they leave for
//! its end, where one statement writes the rows of all of them. To PostgreSQL each statement is a round trip.

use std::collections::BTreeMap;
use std::sync::Arc;

use shared::settings::Settings;

use crate::conn::Conn;
use crate::error::DbError;
use crate::tables::job_timeline::{self, CreatedJobEntry};
use crate::tables::outbox::{self, TechnicianMessage};
use crate::tables::{counters, settings};

/// Settings, counters and unwritten rows of an open transaction. They have to be dropped when it is rolled back.
#[derive(Default)]
pub(crate) struct TxCache {
    settings: Option<Arc<Settings>>,
    counters: BTreeMap<String, Counter>,
    created_jobs: Vec<CreatedJobEntry>,
    technician_messages: Vec<TechnicianMessage>,
    unwritten: u64,
}

/// A counter whose row is locked by this transaction.
struct Counter {
    stored: i64,
    value: i64,
}

impl TxCache {
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
        self.unwritten += 1;
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
        self.unwritten += 1;
        self.created_jobs.push(entry);
    }

    /// Leaves a message to the technicians for the end.
    pub fn add_technician_message(&mut self, message: TechnicianMessage) {
        self.unwritten += 1;
        self.technician_messages.push(message);
    }

    /// Grows with everything that a change leaves here instead of writing it.
    pub fn unwritten(&self) -> u64 {
        self.unwritten
    }

    /// Writes the timeline entries that were left for the end.
    pub fn write_timeline(&mut self, conn: &mut Conn) -> Result<(), DbError> {
        job_timeline::insert_created(conn, &std::mem::take(&mut self.created_jobs))
    }

    /// Writes the messages that were left for the end.
    pub fn write_messages(&mut self, conn: &mut Conn) -> Result<(), DbError> {
        outbox::insert_for_technicians(conn, &std::mem::take(&mut self.technician_messages))
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
