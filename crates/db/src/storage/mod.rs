//! Storage faults: detection, state and recovery.
//!
//! - [`StorageHealth`]: the current fault of the database or of the upload folder.
//! - [`DataFile`]: the SQLite file: lock, integrity, replacement.
//! - [`Reserve`]: disk space kept free for sign-ins on a full disk.
//! - [`watch`]: a thread that detects faults before a request runs into them, and their end.

mod data_file;
mod fault;
mod health;
mod lock_holder;
mod reserve;
mod watch;

pub(crate) use data_file::{DataFile, check_integrity};
pub use fault::fault_of_io;
pub(crate) use fault::{fault_of_query, fault_of_text};
pub use health::StorageHealth;
pub(crate) use lock_holder::lock_holder;
pub(crate) use reserve::Reserve;
pub(crate) use watch::{StorageWatch, start_watch};

/// The purpose that a process opens the database for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// It is the server. A SQLite file can have one server process only.
    Serve,
    /// It runs one command and ends; a server may be running at the same time.
    Command,
}
