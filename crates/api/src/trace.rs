//! Around every request: its id, the problem document of its refusal, one line in the log.

use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{ACCEPT_LANGUAGE, HeaderName, HeaderValue, RETRY_AFTER};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpRequest, HttpResponse};
use shared::{ErrorCode, Lang};

use crate::problem::ApiError;

/// Joins what the user was told with what the log says.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The language that the caller asked for.
pub fn language(request: &HttpRequest) -> Lang {
    let header = request.headers().get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    header.map_or(Lang::Id, Lang::from_accept_language)
}

/// The id of a request that went through [`middleware`].
pub fn request_id(request: &HttpRequest) -> String {
    request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default()
}

fn id_for(request: &ServiceRequest) -> String {
    let given = request.headers().get(REQUEST_ID).and_then(|value| value.to_str().ok());
    let usable = |id: &&str| {
        (8..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    given.filter(usable).map_or_else(|| format!("{:016x}", rand::random::<u64>()), str::to_owned)
}

/// Wraps the whole API.
///
/// # Errors
/// None of its own: whatever a handler refuses leaves as a problem document.
pub async fn middleware(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let started = Instant::now();
    let id = id_for(&request);
    request.extensions_mut().insert(RequestId(id.clone()));
    let mut response = next.call(request).await?.map_into_boxed_body();
    if let Some(refusal) = refusal(&response) {
        response = respond(response, &refusal, &id);
    }
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    log::info!(
        "{} {} {} {:.1} ms {id}",
        response.request().method(),
        response.request().path(),
        response.status().as_u16(),
        started.elapsed().as_secs_f64() * 1e3,
    );
    Ok(response)
}

/// What was refused, if the response is not already a document of its own.
fn refusal(response: &ServiceResponse) -> Option<ApiError> {
    let status = response.status();
    if let Some(error) = response.response().error() {
        return Some(match error.as_error::<ApiError>() {
            Some(ApiError::Refused(refusal)) => ApiError::Refused(refusal.clone()),
            Some(ApiError::Internal(cause)) => ApiError::Internal(cause.clone()),
            None => from_status(status, &error.to_string()),
        });
    }
    let bare = (status.is_client_error() || status.is_server_error())
        && response.headers().get(actix_web::http::header::CONTENT_TYPE).is_none();
    let wait = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
    bare.then(|| from_status(status, wait.unwrap_or("no cause given")))
}

fn from_status(status: StatusCode, cause: &str) -> ApiError {
    match status {
        StatusCode::NOT_FOUND => ApiError::refuse(ErrorCode::NotFound),
        StatusCode::METHOD_NOT_ALLOWED => ApiError::refuse(ErrorCode::MethodNotAllowed),
        StatusCode::PAYLOAD_TOO_LARGE => ApiError::refuse(ErrorCode::PayloadTooLarge),
        StatusCode::TOO_MANY_REQUESTS => ApiError::refuse_with(ErrorCode::RateLimited, cause),
        status if status.is_client_error() => {
            ApiError::refuse_with(ErrorCode::MalformedRequest, cause)
        }
        _ => ApiError::Internal(cause.to_owned()),
    }
}

fn respond(response: ServiceResponse, refusal: &ApiError, id: &str) -> ServiceResponse {
    if let ApiError::Internal(cause) = refusal {
        log::error!("request {id} failed: {cause}");
    }
    let problem = refusal.problem(language(response.request()), id);
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut answer = HttpResponse::build(status);
    answer.content_type("application/problem+json");
    if let Some(wait) = response.headers().get(RETRY_AFTER) {
        answer.insert_header((RETRY_AFTER, wait.clone()));
    }
    let body = serde_json::to_string(&problem).unwrap_or_default();
    response.into_response(answer.body(body))
}
