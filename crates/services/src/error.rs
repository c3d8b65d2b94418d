//! Why a use case did not happen.

use std::io;

use db::{DbError, WriteError};
use serde::Serialize;
use shared::validate::FieldFault;
use shared::{ErrorCode, StorageFault};

/// The result of a use case.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a use case did not happen.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A rule says no; the caller is told why.
    #[error("refused: {0:?}")]
    Refused(Refusal),
    /// The database failed. The cause is for the log only.
    #[error(transparent)]
    Db(#[from] DbError),
    /// An operation on a file failed; `action` says which. For the log only.
    #[error("{action}: {source}")]
    Io { action: String, source: io::Error },
    /// A stored value can not be decrypted. For the log only.
    #[error("can not be decrypted: {0}")]
    Decryption(String),
    /// Something failed that never should: a bug, or a lost thread. For the log only.
    #[error("internal error: {0}")]
    Internal(String),
}

/// A refusal, not yet put into words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub code: ErrorCode,
    /// Fills the gap in the code's message.
    pub param: Option<String>,
    pub faults: Vec<FieldFault>,
}

impl Refusal {
    /// A refusal with this code.
    pub fn new(code: ErrorCode) -> Self {
        Self { code, param: None, faults: Vec::new() }
    }

    /// A refusal whose message names something.
    pub fn with(code: ErrorCode, param: impl ToString) -> Self {
        Self { code, param: Some(param.to_string()), faults: Vec::new() }
    }
}

impl Error {
    /// Refuses with this code.
    pub fn refuse(code: ErrorCode) -> Self {
        Error::Refused(Refusal::new(code))
    }

    /// Refuses with a message that names something.
    pub fn refuse_with(code: ErrorCode, param: impl ToString) -> Self {
        Error::Refused(Refusal::with(code, param))
    }

    /// Refuses because of one field.
    pub fn field(field: impl Into<String>, code: ErrorCode) -> Self {
        Error::from(vec![FieldFault::new(field, code)])
    }
}

impl From<Vec<FieldFault>> for Error {
    fn from(faults: Vec<FieldFault>) -> Self {
        Error::Refused(Refusal { code: ErrorCode::InvalidFields, param: None, faults })
    }
}

impl From<diesel::result::Error> for Error {
    fn from(error: diesel::result::Error) -> Self {
        Error::Db(DbError::from(error))
    }
}

impl WriteError for Error {
    fn is_retryable(&self) -> bool {
        matches!(self, Error::Db(error) if error.is_retryable())
    }

    fn storage_fault(&self) -> Option<StorageFault> {
        match self {
            Error::Db(error) => error.storage_fault(),
            _ => None,
        }
    }
}

impl Error {
    /// Returns the fault of the database storage or the upload folder behind this error, if there is one.
    pub fn storage_fault(&self) -> Option<StorageFault> {
        match self {
            Error::Db(error) => error.storage_fault(),
            Error::Io { source, .. } => Some(db::storage::fault_of_io(source)),
            Error::Refused(_) | Error::Decryption(_) | Error::Internal(_) => None,
        }
    }

    /// Whether the change may have been made all the same: then its files stay, because a file of
    /// nobody costs less than a row without its file.
    pub fn is_outcome_unknown(&self) -> bool {
        self.storage_fault().is_some_and(StorageFault::is_outcome_unknown)
    }
}

/// Serialises a value of our own types.
///
/// # Errors
/// [`Error::Internal`] if the type does not fit into JSON.
pub fn to_json<T: Serialize + ?Sized>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Error::Internal(format!("JSON: {error}")))
}

/// Turns a missing row into "not found".
pub trait OrNotFound<T> {
    /// # Errors
    /// [`ErrorCode::NotFound`] if there is none.
    fn or_not_found(self) -> Result<T>;
}

impl<T> OrNotFound<T> for Option<T> {
    fn or_not_found(self) -> Result<T> {
        self.ok_or_else(|| Error::refuse(ErrorCode::NotFound))
    }
}

/// Turns a write that a concurrent transaction forestalled into a conflict.
pub trait OrConflict {
    /// # Errors
    /// [`DbError::Conflict`], which runs the transaction again, if this is `false`.
    fn or_conflict(self) -> Result<()>;
}

impl OrConflict for bool {
    fn or_conflict(self) -> Result<()> {
        if self { Ok(()) } else { Err(DbError::Conflict.into()) }
    }
}

/// Compares the version that the caller saw with the one that is there.
///
/// # Errors
/// [`ErrorCode::VersionMismatch`] if somebody was faster.
pub fn check_version(expected: Option<i64>, current: i64) -> Result<()> {
    match expected {
        Some(expected) if expected != current => Err(Error::refuse(ErrorCode::VersionMismatch)),
        _ => Ok(()),
    }
}

/// Turns a violated unique index into a fault of the field that it guards.
pub fn map_unique_violation(field: &str, error: DbError) -> Error {
    match &error {
        DbError::Query(query) if db::is_unique_violation(query) => {
            Error::field(field, ErrorCode::Taken)
        }
        _ => Error::Db(error),
    }
}
