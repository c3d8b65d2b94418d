//! Database access: schema, connections, transactions, migrations, and one module per table.
//!
//! Other crates use a [`Db`] and its two entry points [`Db::read`] and [`Db::write`].

mod audit_chain;
pub mod backup;
mod clock;
mod config;
mod conn;
mod cursor;
mod database;
mod device_serials;
mod error;
mod json_rows;
mod live_bus;
mod migrate;
mod page;
mod pool;
mod postgres_listener;
mod prepared;
mod readers;
pub mod schema;
pub mod search;
mod search_rebuild;
pub mod storage;
mod stored_time;
pub mod tables;
mod tx;
mod tx_cache;
mod worker_wakeups;
mod writer;

pub use audit_chain::{AuditSigner, NewAuditEntry, entry_message, head_message};
pub use clock::{Clock, SystemClock, TestClock, truncate_to_micros};
pub use config::{Channels, DatabaseUrl, DatabaseUrlError};
pub use conn::{Backend, Conn};
pub use cursor::Cursor;
pub use database::{Db, DbOptions};
pub use error::{DbError, WriteError, is_unique_violation};
pub use live_bus::LiveBus;
pub use page::Found;
pub use storage::{Purpose, StorageHealth};
pub use tx::Tx;
pub use worker_wakeups::{BackgroundWorker, WorkerWakeups};
