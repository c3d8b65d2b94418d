//! Errors of API calls.

use shared::{ErrorCode, FieldError, Problem};

/// The result of an API call.
pub type ApiResult<T> = Result<T, ApiError>;

/// A refusal of the server.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    pub problem: Problem,
    /// Seconds until another attempt makes sense.
    pub retry_after: Option<u32>,
}

/// Why a call failed.
#[derive(Debug, Clone, PartialEq)]
pub enum ApiError {
    /// The server refused and said why.
    Refused(Box<Refusal>),
    /// No response arrived.
    Offline,
    /// The response cannot be parsed by this version.
    InvalidResponse,
}

impl ApiError {
    /// Returns the error code of the server.
    pub fn code(&self) -> Option<ErrorCode> {
        match self {
            ApiError::Refused(refusal) => Some(refusal.problem.code),
            ApiError::Offline | ApiError::InvalidResponse => None,
        }
    }

    /// Returns the faults of single fields.
    pub fn fields(&self) -> &[FieldError] {
        match self {
            ApiError::Refused(refusal) => &refusal.problem.errors,
            ApiError::Offline | ApiError::InvalidResponse => &[],
        }
    }

    /// Returns the seconds until another attempt makes sense, if the server named them.
    pub fn retry_after(&self) -> Option<u32> {
        match self {
            ApiError::Refused(refusal) => refusal.retry_after,
            ApiError::Offline | ApiError::InvalidResponse => None,
        }
    }

    /// Returns whether the resource was changed since it was read.
    pub fn is_version_conflict(&self) -> bool {
        self.code() == Some(ErrorCode::VersionMismatch)
    }

    /// Returns whether the action was based on outdated data, which should be loaded again.
    pub fn is_stale(&self) -> bool {
        matches!(
            self.code(),
            Some(
                ErrorCode::VersionMismatch
                    | ErrorCode::IllegalTransition
                    | ErrorCode::AlreadyClaimed
                    | ErrorCode::JobNotEditable
                    | ErrorCode::NotPending
                    | ErrorCode::RegistrationDecided
                    | ErrorCode::BagReturnDecided
            )
        )
    }
}
