//! Errors of handlers and their problem documents (RFC 9457).

use actix_web::http::StatusCode;
use actix_web::http::header::RETRY_AFTER;
use actix_web::{HttpResponse, ResponseError};
use services::{Error, Refusal};
use shared::{ErrorCode, FieldError, Lang, Problem, StorageFault};

/// `Retry-After` for storage faults that pass by themselves, in seconds.
const STORAGE_RETRY_SECONDS: u64 = 2;

/// Error of a handler. [`crate::middleware::request_log`] renders it in the language of the request.
#[derive(Debug)]
pub enum ApiError {
    Refused(Refusal),
    /// The storage can't be used. The cause is for the log only.
    Storage {
        fault: StorageFault,
        cause: String,
    },
    /// The cause is for the log only.
    Internal(String),
}

impl ApiError {
    /// Creates an error with this code.
    pub fn refuse(code: ErrorCode) -> Self {
        ApiError::Refused(Refusal::new(code))
    }

    /// Creates an error whose message contains `param`.
    pub fn refuse_with(code: ErrorCode, param: impl ToString) -> Self {
        ApiError::Refused(Refusal::with(code, param))
    }

    /// Returns the code of the problem document.
    pub fn code(&self) -> ErrorCode {
        match self {
            ApiError::Refused(refusal) => refusal.code,
            ApiError::Storage { fault, .. } => fault.code(),
            ApiError::Internal(_) => ErrorCode::Internal,
        }
    }

    /// Returns whether the change may have been committed nevertheless; see
    /// [`services::Error::is_outcome_unknown`].
    pub(crate) fn is_outcome_unknown(&self) -> bool {
        matches!(self, ApiError::Storage { fault, .. } if fault.is_outcome_unknown())
    }

    /// Returns the cause that is logged but not sent.
    pub(crate) fn hidden_cause(&self) -> Option<&str> {
        match self {
            ApiError::Refused(_) => None,
            ApiError::Storage { cause, .. } | ApiError::Internal(cause) => Some(cause),
        }
    }

    /// Returns the seconds of `Retry-After`.
    fn retry_after(&self) -> Option<u64> {
        match self {
            ApiError::Refused(refusal) if matches!(refusal.code.status(), 429 | 503) => {
                refusal.param.as_ref()?.parse().ok()
            }
            ApiError::Storage { fault, .. } if !fault.needs_attention() => {
                Some(STORAGE_RETRY_SECONDS)
            }
            _ => None,
        }
    }

    /// Builds the problem document.
    pub fn problem(&self, lang: Lang, request_id: &str) -> Problem {
        let (param, faults) = match self {
            ApiError::Refused(refusal) => (refusal.param.as_deref(), refusal.faults.as_slice()),
            ApiError::Storage { .. } | ApiError::Internal(_) => (None, [].as_slice()),
        };
        let errors = faults.iter().map(|fault| fault.render(lang)).collect();
        problem_document(self.code(), param, errors, lang, request_id)
    }
}

fn problem_document(
    code: ErrorCode,
    param: Option<&str>,
    errors: Vec<FieldError>,
    lang: Lang,
    request_id: &str,
) -> Problem {
    Problem {
        kind: format!("/api/docs#{code}"),
        title: code.title().to_owned(),
        status: code.status(),
        code,
        detail: code.message(lang, param),
        errors,
        request_id: request_id.to_owned(),
    }
}

impl std::fmt::Display for ApiError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            ApiError::Refused(refusal) => write!(f, "{}", refusal.code),
            ApiError::Storage { cause, .. } | ApiError::Internal(cause) => f.write_str(cause),
        }
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.code().status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// Returns an empty response with status and `Retry-After`; the middleware adds the problem
    /// document.
    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        if let Some(seconds) = self.retry_after() {
            response.insert_header((RETRY_AFTER, seconds));
        }
        response.finish()
    }
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        match error {
            Error::Refused(refusal) => ApiError::Refused(refusal),
            error => match error.storage_fault() {
                Some(fault) => ApiError::Storage { fault, cause: error.to_string() },
                None => ApiError::Internal(error.to_string()),
            },
        }
    }
}
