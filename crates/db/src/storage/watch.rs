//! A thread that watches the place of the database.

use std::sync::{Arc, Weak};
use std::time::Duration;

use diesel::connection::SimpleConnection;
use shared::StorageFault;

use super::{DataFile, StorageHealth, fault_of_query};
use crate::config::DatabaseUrl;
use crate::conn::Conn;

/// Between two looks.
const CHECK_INTERVAL: Duration = Duration::from_millis(500);
/// So many looks from one filling of the reserve to the next: there may be room again.
const CHECKS_PER_REFILL: u32 = 120;

/// A change that leaves nothing, but needs everything that a change needs. The version number of the
/// user is not used for anything else.
const SQLITE_WRITE_PROBE: &str = "PRAGMA busy_timeout = 500; BEGIN IMMEDIATE; \
     PRAGMA user_version = 1; PRAGMA user_version = 0; COMMIT";

/// Takes new room in the database and gives it back. A role that may not do so gets no answer about the
/// room; then the next change tells.
const POSTGRES_SPACE_PROBE: &str = "BEGIN; CREATE TEMP TABLE storage_trial ON COMMIT DROP AS \
     SELECT repeat('x', 1000) AS filling FROM generate_series(1, 200); ROLLBACK";

/// What the thread watches.
pub(crate) struct StorageWatch {
    pub url: DatabaseUrl,
    /// SQLite only.
    pub file: Option<Arc<DataFile>>,
    pub health: StorageHealth,
}

/// Watches until the database handle behind `alive` is dropped.
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
        // Of a database on another machine only a trial tells.
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
