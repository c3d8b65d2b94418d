//! `If-Match` header: the version that the caller has read.

use actix_web::HttpRequest;
use actix_web::http::header::IF_MATCH;
use shared::ErrorCode;

use crate::problem::ApiError;

/// Returns the version in the header; `None` without the header or with `*`.
///
/// # Errors
/// `MalformedRequest`: the header contains no version.
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
