//! Storage watch thread.

use std::sync::{Arc, Weak};
use std::time::Duration;

use diesel::connection::SimpleConnection;
use shared::StorageFault;

use super::{DataFile, StorageHealth, fault_of_query};
use crate::config::DatabaseUrl;
use crate::conn::Conn;

/// Time between two checks.
const CHECK_INTERVAL: Duration = Duration::from_millis(500);
/// The reserve is refilled every so many checks, because there may be space again.
const CHECKS_PER_REFILL: u32 = 120;

/// A change without lasting effect that needs all that a real change needs. `user_version` is not used
/// for anything else.
const SQLITE_WRITE_PROBE: &str = "PRAGMA busy_timeout = 500; BEGIN IMMEDIATE; \
     PRAGMA user_version = 1; PRAGMA user_version = 0; COMMIT";

/// Allocates space in the database and frees it. A role without the right to do so learns nothing about
/// the space; then the next change shows it.
const POSTGRES_SPACE_PROBE: &str = "BEGIN; CREATE TEMP TABLE storage_trial ON COMMIT DROP AS \
     SELECT repeat('x', 1000) AS filling FROM generate_series(1, 200); ROLLBACK";

/// What the thread checks.
pub(crate) struct StorageWatch {
    pub url: DatabaseUrl,
    /// SQLite only.
    pub file: Option<Arc<DataFile>>,
    pub health: StorageHealth,
}

/// Starts the thread. It ends when the database handle behind `alive` is dropped.
pub(crate) fn start_watch(watched: StorageWatch, alive: Weak<()>) -> std::io::Result<()> {
    std::thread::Builder::new()
        .name("storage-watch".into())
        .spawn(move || {
            let mut looks = 0_u32;
            while alive.strong_count() > 0 {
                watched.check(looks);
                looks = looks.wrapping_add(1);
                std::thread::sleep(CHECK_INTERVAL);
            }
        })
        .map(|_| ())
}

impl StorageWatch {
    fn check(&self, looks: u32) {
        let moved = self.file.as_ref().is_some_and(|file| !file.is_in_place());
        match (moved, self.health.fault()) {
            (true, _) => self.health.report_fault(StorageFault::Missing),
            (false, None) if looks.is_multiple_of(CHECKS_PER_REFILL) => {
                self.health.refill_reserve()
            }
            (false, None | Some(StorageFault::Damaged)) => {}
            (false, Some(StorageFault::Missing)) if self.file.is_some() => self.health.clear(),
            (false, Some(StorageFault::Full)) if !self.has_space() => {}
            (false, Some(_)) => {
                if self.is_writable() {
                    self.health.refill_reserve();
                    self.health.clear();
                }
            }
        }
    }

    fn has_space(&self) -> bool {
        // For a database on another machine only a probe tells.
        self.health.free_space().is_none_or(|free| free >= self.health.required_space())
    }

    fn is_writable(&self) -> bool {
        let Ok(mut conn) = Conn::open(&self.url) else { return false };
        if matches!(self.url, DatabaseUrl::Sqlite(_)) {
            return conn.batch_execute(SQLITE_WRITE_PROBE).is_ok();
        }
        if conn.check_writable().is_err() {
            return false;
        }
        if self.health.fault() != Some(StorageFault::Full) {
            return true;
        }
        let refusal = conn.batch_execute(POSTGRES_SPACE_PROBE).err();
        refusal.is_none_or(|error| fault_of_query(&error).is_none())
    }
}
