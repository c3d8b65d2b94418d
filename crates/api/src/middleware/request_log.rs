//! Request ids, problem documents and the access log.

use std::panic::AssertUnwindSafe;
use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, HeaderName, HeaderValue, RETRY_AFTER};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpRequest, HttpResponse};
use futures_util::FutureExt;
use shared::{ErrorCode, Lang, Problem};

use crate::middleware::allowed_methods::AllowedMethods;
use crate::problem::ApiError;
use crate::request_context::{RequestId, language};
use crate::state::App;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// The organisation's time zone (IANA name), in which people read and enter times.
const TIME_ZONE: HeaderName = HeaderName::from_static("x-time-zone");

fn id_of_request(request: &ServiceRequest) -> String {
    let given = request.headers().get(REQUEST_ID).and_then(|value| value.to_str().ok());
    let usable = |id: &&str| {
        (8..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    given.filter(usable).map_or_else(|| format!("{:016x}", rand::random::<u64>()), str::to_owned)
}

/// Assigns the request id, names the organisation's time zone, turns errors into problem documents, counts the response and logs one
/// line.
///
/// # Errors
/// A handler panicked. Every other error becomes a response.
pub async fn middleware(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let started = Instant::now();
    let (id, lang) = (id_of_request(&request), language(request.request()));
    request.extensions_mut().insert(RequestId(id.clone()));
    // A panic would close the connection without a response.
    let answered = AssertUnwindSafe(next.call(request)).catch_unwind().await;
    let mut response = match answered {
        Ok(response) => response?.map_into_boxed_body(),
        Err(_) => return Err(panicked(lang, &id)),
    };
    if let Some(refusal) = error_of_response(&response) {
        response = problem_response(response, &refusal, &id);
    }
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    let zone = response.request().app_data::<App>().map(|app| app.db.time_zone().name());
    if let Some(zone) = zone {
        response.headers_mut().insert(TIME_ZONE, HeaderValue::from_static(zone));
    }
    if let Some(app) = response.request().app_data::<App>() {
        app.metrics.record_response(response.status(), started.elapsed());
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

fn panicked(lang: Lang, id: &str) -> Error {
    let failure = ApiError::Internal("a handler panicked".to_owned());
    log::error!("request {id} failed: {failure}");
    let answer = problem_document(&failure.problem(lang, id));
    InternalError::from_response(failure, answer).into()
}

/// Returns the error of a response that has no body yet.
fn error_of_response(response: &ServiceResponse) -> Option<ApiError> {
    let status = response.status();
    if let Some(error) = response.response().error() {
        return Some(match error.as_error::<ApiError>() {
            Some(ApiError::Refused(refusal)) => ApiError::Refused(refusal.clone()),
            Some(ApiError::Storage { fault, cause }) => {
                ApiError::Storage { fault: *fault, cause: cause.clone() }
            }
            Some(ApiError::Internal(cause)) => ApiError::Internal(cause.clone()),
            None => error_for_status(status, &error.to_string()),
        });
    }
    let bare = (status.is_client_error() || status.is_server_error())
        && response.headers().get(actix_web::http::header::CONTENT_TYPE).is_none();
    let wait = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
    bare.then(|| error_for_status(status, wait.unwrap_or("no cause given")))
}

/// Returns the value of `Allow` if the path does not take the method of the request.
fn allow_header(request: &HttpRequest) -> Option<HeaderValue> {
    let methods = request.app_data::<AllowedMethods>()?.of_path(request.path())?;
    if methods.contains(request.method()) {
        return None;
    }
    let names: Vec<&str> = methods.iter().map(|method| method.as_str()).collect();
    HeaderValue::from_str(&names.join(", ")).ok()
}

fn error_for_status(status: StatusCode, cause: &str) -> ApiError {
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

fn problem_response(response: ServiceResponse, refusal: &ApiError, id: &str) -> ServiceResponse {
    if let Some(cause) = refusal.hidden_cause() {
        log::error!("request {id} failed: {cause}");
    }
    let allow = allow_header(response.request());
    let refusal = match (refusal.code(), &allow) {
        (ErrorCode::NotFound, Some(_)) => &ApiError::refuse(ErrorCode::MethodNotAllowed),
        _ => refusal,
    };
    let problem = refusal.problem(language(response.request()), id);
    let mut answer = problem_document(&problem);
    let headers = answer.headers_mut();
    if let Some(wait) = response.headers().get(RETRY_AFTER) {
        headers.insert(RETRY_AFTER, wait.clone());
    }
    if let Some(allow) = allow.filter(|_| problem.code == ErrorCode::MethodNotAllowed) {
        headers.insert(ALLOW, allow);
    }
    response.into_response(answer)
}

fn problem_document(problem: &Problem) -> HttpResponse {
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let body = serde_json::to_string(problem).unwrap_or_default();
    HttpResponse::build(status).content_type("application/problem+json").body(body)
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::CONTENT_TYPE;
    use actix_web::middleware::from_fn;
    use actix_web::test::{TestRequest, init_service, try_call_service};
    use actix_web::{App, web};

    use super::*;

    async fn panicking() -> HttpResponse {
        panic!("a fault in the program")
    }

    #[actix_web::test]
    async fn a_panicking_handler_returns_500_without_the_cause() {
        let app = App::new().wrap(from_fn(middleware)).route("/", web::get().to(panicking));
        let service = init_service(app).await;
        let answered = try_call_service(&service, TestRequest::get().to_request()).await;
        let answer = answered.unwrap_err().error_response();
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(answer.headers().get(CONTENT_TYPE).unwrap(), "application/problem+json");
        let body = actix_web::body::to_bytes(answer.into_body()).await.unwrap_or_default();
        let problem: Problem = serde_json::from_slice(&body).unwrap();
        assert_eq!(problem.code, ErrorCode::Internal);
        assert!(!String::from_utf8_lossy(&body).contains("a fault in the program"));
    }
}
