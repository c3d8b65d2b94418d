//! Tables: schema, connections, transactions, migrations, and one module per table with its queries.
//!
//! Everything above this crate sees a [`Db`] with two doors: [`Db::read`] and [`Db::write`].

mod audit_chain;
pub mod backup;
mod cached;
mod clock;
mod config;
mod conn;
mod cursor;
mod error;
mod handle;
mod kept;
mod live_bus;
mod migrate;
mod pool;
mod postgres_events;
pub mod schema;
pub mod search;
mod signals;
pub mod storage;
pub mod tables;
mod tx;
mod writer;

pub use audit_chain::{AuditDraft, AuditSeal, entry_message, head_message};
pub use clock::{Clock, SystemClock, TestClock, micros};
pub use config::{Channels, DatabaseUrl, DatabaseUrlError};
pub use conn::{Backend, Conn};
pub use cursor::Cursor;
pub use error::{DbError, WriteError, is_unique_violation};
pub use handle::{Db, DbOptions};
pub use live_bus::LiveBus;
pub use signals::{Signals, Worker};
pub use storage::{Purpose, StorageHealth};
pub use tx::Tx;
