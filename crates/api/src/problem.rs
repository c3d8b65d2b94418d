//! Refusals and failures on their way to a problem document.

use actix_web::http::StatusCode;
use actix_web::http::header::RETRY_AFTER;
use actix_web::{HttpResponse, ResponseError};
use services::{Error, Refusal};
use shared::{ErrorCode, FieldError, Lang, Problem, StorageFault};

/// Seconds after which it is worth trying again when a fault of the storage passes by itself.
const STORAGE_RETRY_SECONDS: u64 = 2;

/// What a handler fails with. [`crate::trace`] puts it into the language of the request.
#[derive(Debug)]
pub enum ApiError {
    Refused(Refusal),
    /// The place where the data lies can't be used. The cause is for the log only.
    Storage {
        fault: StorageFault,
        cause: String,
    },
    /// The cause is for the log only.
    Internal(String),
}

impl ApiError {
    /// Refuses with this code.
    pub fn refuse(code: ErrorCode) -> Self {
        ApiError::Refused(Refusal::new(code))
    }

    /// Refuses with a message that names something.
    pub fn refuse_with(code: ErrorCode, param: impl ToString) -> Self {
        ApiError::Refused(Refusal::with(code, param))
    }

    /// The code of the problem document.
    pub fn code(&self) -> ErrorCode {
        match self {
            ApiError::Refused(refusal) => refusal.code,
            ApiError::Storage { fault, .. } => fault.code(),
            ApiError::Internal(_) => ErrorCode::Internal,
        }
    }

    /// Whether the change may have been made all the same; see [`services::Error::leaves_doubt`].
    pub(crate) fn leaves_doubt(&self) -> bool {
        matches!(self, ApiError::Storage { fault, .. } if fault.is_outcome_unknown())
    }

    /// What the log has to know and the caller must not.
    pub(crate) fn hidden_cause(&self) -> Option<&str> {
        match self {
            ApiError::Refused(_) => None,
            ApiError::Storage { cause, .. } | ApiError::Internal(cause) => Some(cause),
        }
    }

    /// Seconds after which the caller may come again: what a refusal for too much of something names.
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

    /// The problem document.
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

    /// A bare status, with the time to wait; the middleware fills in the document.
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
