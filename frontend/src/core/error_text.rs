//! Text of a failed API call.

use shared::ErrorCode;

use crate::api::ApiError;
use crate::tr;

/// An error that has a text for people.
pub trait ErrorText {
    /// Returns what went wrong and what to do, in the current language.
    fn message(&self) -> String;
}

impl ErrorText for ApiError {
    fn message(&self) -> String {
        match self {
            ApiError::Refused(refusal) => {
                let problem = &refusal.problem;
                if problem.code != ErrorCode::Internal {
                    return problem.detail.clone();
                }
                let id = tr!(common.error.request_id, id = problem.request_id.clone());
                format!("{} {id}", problem.detail)
            }
            ApiError::Offline => tr!(common.error.offline).to_owned(),
            ApiError::InvalidResponse => tr!(common.error.unreadable).to_owned(),
        }
    }
}
