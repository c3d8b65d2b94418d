//! Errors of the Bot API with Telegram's descriptions.

use serde::Serialize;

/// An error of a method.
#[derive(Debug)]
pub(crate) struct ApiError {
    /// HTTP status and `error_code`.
    pub code: u16,
    pub description: String,
    /// Seconds.
    pub retry_after: Option<u64>,
}

/// The JSON of an error.
#[derive(Serialize)]
pub(crate) struct ErrorBody<'a> {
    ok: bool,
    error_code: u16,
    description: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    parameters: Option<Parameters>,
}

#[derive(Serialize)]
struct Parameters {
    retry_after: u64,
}

impl ApiError {
    fn new(code: u16, description: String) -> Self {
        Self { code, description, retry_after: None }
    }

    pub fn bad_request(why: impl AsRef<str>) -> Self {
        Self::new(400, format!("Bad Request: {}", why.as_ref()))
    }

    pub fn unauthorized() -> Self {
        Self::new(401, "Unauthorized".into())
    }

    pub fn forbidden(why: &str) -> Self {
        Self::new(403, format!("Forbidden: {why}"))
    }

    pub fn not_found(what: &str) -> Self {
        Self::new(404, format!("Not Found{what}"))
    }

    pub fn conflict(why: &str) -> Self {
        Self::new(409, format!("Conflict: {why}"))
    }

    pub fn too_large() -> Self {
        Self::new(413, "Request Entity Too Large".into())
    }

    pub fn too_many_requests(retry_after: u64) -> Self {
        let description = format!("Too Many Requests: retry after {retry_after}");
        Self { code: 429, description, retry_after: Some(retry_after) }
    }

    pub fn internal() -> Self {
        Self::new(500, "Internal Server Error".into())
    }

    pub fn body(&self) -> ErrorBody<'_> {
        ErrorBody {
            ok: false,
            error_code: self.code,
            description: &self.description,
            parameters: self.retry_after.map(|retry_after| Parameters { retry_after }),
        }
    }
}
