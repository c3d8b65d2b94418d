//! `If-Match` header: the version that the caller has read.
//!
//! A handler that compares versions takes [`IfMatch`] as an argument. The list of endpoints reads from the
//! signature whether it does; any other write that carries the header is refused, so that none is ignored.

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::IF_MATCH;
use actix_web::middleware::Next;
use actix_web::{Error, FromRequest, HttpRequest};
use futures_util::future::{Ready, ready};
use shared::ErrorCode;

use crate::problem::ApiError;

/// The version that the caller has read; `None` without the header or with `*`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub struct IfMatch(pub Option<i64>);

impl FromRequest for IfMatch {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(read(request).map(Self).map_err(Into::into))
    }
}

/// Returns the version in the header.
///
/// # Errors
/// `MalformedRequest`: the header contains no version.
fn read(request: &HttpRequest) -> Result<Option<i64>, ApiError> {
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

/// Whether requests with this method change something.
pub fn is_write(method: &Method) -> bool {
    !method.is_safe()
}

/// Refuses a request that carries the header with `IfMatchNotSupported`, for endpoints that compare no
/// version.
pub async fn refuse<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    if request.headers().contains_key(IF_MATCH) {
        let refused = ApiError::refuse(ErrorCode::IfMatchNotSupported);
        return Ok(request.error_response(refused).map_into_right_body());
    }
    Ok(next.call(request).await?.map_into_left_body())
}
