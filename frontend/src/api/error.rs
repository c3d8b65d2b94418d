//! Why a call failed.

use shared::{ErrorCode, FieldError, Problem};

/// The outcome of a call.
pub type ApiResult<T> = Result<T, ApiError>;

/// What the server said when it refused.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    pub problem: Problem,
    /// Seconds until another try makes sense.
    pub retry_after: Option<u32>,
}

/// Why a call failed.
#[derive(Debug, Clone, PartialEq)]
pub enum ApiError {
    /// The server refused and said why.
    Refused(Box<Refusal>),
    /// No answer came.
    Offline,
    /// An answer came that this version can not read.
    InvalidResponse,
}

impl ApiError {
    /// The reason as a program reads it.
    pub fn code(&self) -> Option<ErrorCode> {
        match self {
            ApiError::Refused(refusal) => Some(refusal.problem.code),
            ApiError::Offline | ApiError::InvalidResponse => None,
        }
    }

    /// The faults of single fields.
    pub fn fields(&self) -> &[FieldError] {
        match self {
            ApiError::Refused(refusal) => &refusal.problem.errors,
            ApiError::Offline | ApiError::InvalidResponse => &[],
        }
    }

    /// Seconds until another try makes sense, where the server says so.
    pub fn retry_after(&self) -> Option<u32> {
        match self {
            ApiError::Refused(refusal) => refusal.retry_after,
            ApiError::Offline | ApiError::InvalidResponse => None,
        }
    }

    /// Whether somebody else has changed the same thing meanwhile.
    pub fn is_version_conflict(&self) -> bool {
        self.code() == Some(ErrorCode::VersionMismatch)
    }

    /// Whether the person acted on something that others had already moved on: load it again.
    pub fn is_stale(&self) -> bool {
        matches!(
            self.code(),
            Some(
                ErrorCode::VersionMismatch
                    | ErrorCode::IllegalTransition
                    | ErrorCode::AlreadyClaimed
                    | ErrorCode::JobNotEditable
            )
        )
    }
}
