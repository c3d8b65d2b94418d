//! CORS: pages of the configured origins may use the API, others can't read a response.

use actix_cors::Cors;
use actix_web::http::Method;
use actix_web::http::header::{
    ACCEPT_LANGUAGE, AUTHORIZATION, CONTENT_DISPOSITION, CONTENT_TYPE, ETAG, HeaderName, IF_MATCH,
    RETRY_AFTER,
};
use actix_web::middleware::Condition;

/// `Access-Control-Max-Age`, in seconds.
const PREFLIGHT_MAX_AGE_SECONDS: usize = 3_600;

/// Allows pages of exactly these origins, with their cookies. Without origins no header is added to
/// any response.
pub fn middleware(origins: &[String]) -> Condition<Cors> {
    let header = HeaderName::from_static;
    let mut cors = Cors::default();
    for origin in origins {
        cors = cors.allowed_origin(origin);
    }
    let cors = cors
        .allowed_methods([Method::GET, Method::POST, Method::PUT, Method::DELETE])
        .allowed_headers([AUTHORIZATION, CONTENT_TYPE, ACCEPT_LANGUAGE, IF_MATCH])
        .allowed_headers([header("idempotency-key"), header("x-api-key"), header("x-request-id")])
        .expose_headers([
            ETAG,
            RETRY_AFTER,
            CONTENT_DISPOSITION,
            header("x-request-id"),
            header("x-time-zone"),
        ])
        .supports_credentials()
        .max_age(PREFLIGHT_MAX_AGE_SECONDS);
    Condition::new(!origins.is_empty(), cors)
}
