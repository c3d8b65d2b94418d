//! Why a call failed.

use shared::{ErrorCode, FieldError, Problem};

use crate::tr;

/// The outcome of a call.
pub type ApiResult<T> = Result<T, ApiError>;

/// Why a call failed.
#[derive(Debug, Clone, PartialEq)]
pub enum ApiError {
    /// The server refused and said why.
    Problem(Box<Problem>),
    /// No answer came.
    Offline,
    /// An answer came that this version can not read.
    Unreadable,
}

impl ApiError {
    /// What a person should know and do.
    pub fn message(&self) -> String {
        match self {
            ApiError::Problem(problem) if problem.code == ErrorCode::Internal => {
                let id = tr!(common.error.request_id, id = problem.request_id.clone());
                format!("{} {id}", problem.detail)
            }
            ApiError::Problem(problem) => problem.detail.clone(),
            ApiError::Offline => tr!(common.error.offline).to_owned(),
            ApiError::Unreadable => tr!(common.error.unreadable).to_owned(),
        }
    }

    /// The reason as a program reads it.
    pub fn code(&self) -> Option<ErrorCode> {
        match self {
            ApiError::Problem(problem) => Some(problem.code),
            ApiError::Offline | ApiError::Unreadable => None,
        }
    }

    /// The faults of single fields.
    pub fn fields(&self) -> &[FieldError] {
        match self {
            ApiError::Problem(problem) => &problem.errors,
            ApiError::Offline | ApiError::Unreadable => &[],
        }
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
