//! The place where the data lies: whether it can be written, and what is wrong if it can not.
//!
//! - [`StorageHealth`]: the state that everybody asks, of the database or of the folder of photos.
//! - [`DataFile`]: the SQLite file: one server at a time, whole at the start, still there later.
//! - [`Reserve`]: room on the disk that is kept back for signing in when no other is left.
//! - [`watch`]: a thread that notices trouble nobody has run into yet, and its end.

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

/// What a process opens the database for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// It serves until it is stopped. Of a SQLite file only one process may be the server.
    Serve,
    /// It does one thing and ends; a server may be running beside it.
    Command,
}
