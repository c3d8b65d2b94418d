//! Database errors.

use diesel::result::{DatabaseErrorKind, Error as DieselError};
use shared::StorageFault;

use crate::storage;

/// A failure of the database. Its text is for the log, never for a user.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    #[error("query failed: {0}")]
    Query(#[from] DieselError),
    #[error("no connection: {0}")]
    Connection(String),
    #[error("migration failed: {0}")]
    Migration(String),
    /// A stored value does not have the expected format.
    #[error("stored value can not be read: {0}")]
    Corrupt(String),
    /// A value can not be converted into its stored format.
    #[error("value can not be stored: {0}")]
    Encode(String),
    #[error("not supported by this database: {0}")]
    Unsupported(&'static str),
    /// The database was written with a key that this process does not have.
    #[error(
        "it was encrypted or signed with another key: DATA_KEY is wrong, or DATA_KEY_PREVIOUS lacks one"
    )]
    UnknownKey,
    /// Another transaction changed the same row first: run this one again.
    #[error("a concurrent change got in between")]
    Conflict,
    /// The thread of a query or of the SQLite writer is gone or has panicked.
    #[error("the database thread stopped")]
    Stopped,
    /// The database storage can not be used; `cause` is a sentence for the log.
    #[error("{cause}")]
    Storage { fault: StorageFault, cause: String },
}

impl DbError {
    /// Whether running the same transaction again can succeed.
    pub fn is_retryable(&self) -> bool {
        match self {
            DbError::Conflict => true,
            DbError::Query(DieselError::DatabaseError(kind, info)) => {
                matches!(kind, DatabaseErrorKind::SerializationFailure)
                    || info.message().contains("deadlock detected")
                    || info.message().contains("due to lock timeout")
            }
            _ => false,
        }
    }

    /// Returns the storage fault behind this error, if there is one.
    pub fn storage_fault(&self) -> Option<StorageFault> {
        match self {
            DbError::Storage { fault, .. } => Some(*fault),
            DbError::Query(error) => storage::fault_of_query(error),
            DbError::Connection(text) => {
                Some(storage::fault_of_text(text).unwrap_or(StorageFault::Unreachable))
            }
            DbError::Migration(text) => storage::fault_of_text(text),
            _ => None,
        }
    }
}

/// The error type of a write transaction.
pub trait WriteError: From<DbError> + Send + 'static {
    /// Whether running the same transaction again can succeed.
    fn is_retryable(&self) -> bool;

    /// Returns the storage fault behind this error, if there is one.
    fn storage_fault(&self) -> Option<StorageFault>;
}

impl WriteError for DbError {
    fn is_retryable(&self) -> bool {
        DbError::is_retryable(self)
    }

    fn storage_fault(&self) -> Option<StorageFault> {
        DbError::storage_fault(self)
    }
}

/// Whether a unique index rejected the row.
pub fn is_unique_violation(error: &DieselError) -> bool {
    matches!(error, DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _))
}
