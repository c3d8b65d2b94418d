//! Versions in headers: `ETag: "3"` out, `If-Match: "3"` in.

use actix_web::HttpRequest;
use actix_web::http::header::IF_MATCH;
use shared::ErrorCode;

use crate::problem::ApiError;

/// The version that the caller saw; `None` without the header or with `*`.
///
/// # Errors
/// The header is there but holds no version.
pub fn read(request: &HttpRequest) -> Result<Option<i64>, ApiError> {
    let Some(header) = request.headers().get(IF_MATCH) else { return Ok(None) };
    let text = header.to_str().unwrap_or_default().trim();
    if text == "*" {
        return Ok(None);
    }
    text.strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .and_then(|version| version.parse().ok())
        .map(Some)
        .ok_or_else(|| ApiError::refuse_with(ErrorCode::MalformedRequest, "If-Match"))
}
