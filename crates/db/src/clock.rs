//! Clock of the process. All code asks it for the time, so that tests can set the time.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, DurationRound, TimeDelta, Utc};

/// Source of the current time.
pub trait Clock: Send + Sync + 'static {
    /// Returns the current time in whole microseconds, which is what both databases can store.
    fn now(&self) -> DateTime<Utc>;
}

/// The system clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        truncate_to_micros(Utc::now())
    }
}

/// Cuts a time to whole microseconds.
pub fn truncate_to_micros(time: DateTime<Utc>) -> DateTime<Utc> {
    time.duration_trunc(TimeDelta::microseconds(1)).unwrap_or(time)
}

/// A clock for tests: either it stands still until it is moved, or it runs and can be shifted.
#[derive(Debug, Clone)]
pub struct TestClock {
    /// The time that it shows or, if it runs, its offset to the system clock.
    micros: Arc<AtomicI64>,
    runs: bool,
}

impl TestClock {
    /// A clock that shows `time`.
    pub fn at(time: DateTime<Utc>) -> Self {
        Self { micros: Arc::new(AtomicI64::new(time.timestamp_micros())), runs: false }
    }

    /// A clock that runs with the system clock.
    pub fn running() -> Self {
        Self { micros: Arc::new(AtomicI64::new(0)), runs: true }
    }

    /// Moves the clock forward.
    pub fn advance(&self, by: TimeDelta) {
        self.micros.fetch_add(by.num_microseconds().unwrap_or(0), Ordering::SeqCst);
    }

    /// Sets the clock.
    pub fn set(&self, time: DateTime<Utc>) {
        let base = if self.runs { Utc::now().timestamp_micros() } else { 0 };
        self.micros.store(time.timestamp_micros() - base, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        let micros = self.micros.load(Ordering::SeqCst);
        let base = if self.runs { Utc::now().timestamp_micros() } else { 0 };
        DateTime::from_timestamp_micros(base + micros).unwrap_or_default()
    }
}
