//! JSON body extractor and `Idempotency-Key` of write requests.

use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::Bytes;
use actix_web::{Error, FromRequest, HttpMessage, HttpRequest};
use futures_util::StreamExt;
use futures_util::future::LocalBoxFuture;
use serde::de::DeserializeOwned;
use services::Refusal;
use services::auth::jwt::keyed_hash;
use shared::ErrorCode;
use shared::text::strip_invisible;
use shared::validate::FieldFault;

use crate::extractors::authorization::AuthenticatedCaller;
use crate::extractors::body_budget::BodyMemory;
use crate::extractors::body_pace::{MIN_PACE, PacedBody};
use crate::problem::ApiError;
use crate::state;

/// Largest JSON body, in bytes.
pub const MAX_JSON_BYTES: usize = 256 * 1024;
/// Largest JSON body of an unauthenticated caller, in bytes: ten times a sign-in.
const MAX_ANONYMOUS_JSON_BYTES: usize = 8 * 1024;
/// Longest `Idempotency-Key`.
pub const MAX_IDEMPOTENCY_KEY_CHARS: usize = 128;

/// A parsed JSON body with the headers of a write request.
pub struct JsonBody<T> {
    pub value: T,
    pub meta: ChangeMeta,
}

/// What identifies a repeated request.
#[derive(Debug, Clone)]
pub struct ChangeMeta {
    /// From `Idempotency-Key`.
    pub key: Option<String>,
    /// Keyed hash (hexadecimal) of method, path, query and body; empty without a key.
    pub request_hash: String,
}

impl ChangeMeta {
    /// Reads the header. Two requests with the same key are compared by `body` too.
    ///
    /// # Errors
    /// `MalformedRequest`: a key that is too long or not printable.
    pub fn read(request: &HttpRequest, body: &[u8]) -> Result<Self, ApiError> {
        let key = idempotency_key(request)?;
        let app = state::from_request(request)?;
        let hash = |_: &String| {
            let uri = request.uri().to_string();
            let parts = [request.method().as_str().as_bytes(), uri.as_bytes(), body];
            keyed_hash(&app.request_hash_key, &parts)
        };
        let request_hash = key.as_ref().map(hash).unwrap_or_default();
        Ok(Self { key, request_hash })
    }
}

fn idempotency_key(request: &HttpRequest) -> Result<Option<String>, ApiError> {
    let Some(header) = request.headers().get("idempotency-key") else { return Ok(None) };
    let key = header.to_str().unwrap_or_default().trim();
    if key.is_empty() || key.len() > MAX_IDEMPOTENCY_KEY_CHARS {
        return Err(ApiError::refuse_with(ErrorCode::MalformedRequest, "Idempotency-Key"));
    }
    Ok(Some(key.to_owned()))
}

impl<T: DeserializeOwned + 'static> FromRequest for JsonBody<T> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            check_content_type(&request)?;
            let app = state::from_request(&request)?;
            let known = request.extensions().contains::<AuthenticatedCaller>();
            let (limit, held) = if known {
                (MAX_JSON_BYTES, app.body_budget.empty_json())
            } else {
                (MAX_ANONYMOUS_JSON_BYTES, app.body_budget.empty_anonymous())
            };
            let (bytes, _held) = read_limited(payload, limit, held).await?;
            let value = parse(&bytes)?;
            Ok(Self { value, meta: ChangeMeta::read(&request, &bytes)? })
        })
    }
}

fn check_content_type(request: &HttpRequest) -> Result<(), ApiError> {
    let header = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = header.and_then(|value| value.split(';').next()).map(str::trim);
    if essence.is_some_and(|essence| essence.eq_ignore_ascii_case("application/json")) {
        Ok(())
    } else {
        Err(ApiError::refuse_with(ErrorCode::UnsupportedMediaType, "application/json"))
    }
}

/// Reads a body of at most `limit` bytes. Its memory stays reserved until the second value is
/// dropped.
///
/// # Errors
/// `PayloadTooLarge`, `MalformedRequest` (incomplete or too slow), `Unavailable` (no memory left).
pub async fn read_limited(
    payload: Payload,
    limit: usize,
    mut held: BodyMemory,
) -> Result<(Bytes, BodyMemory), ApiError> {
    let mut payload = PacedBody::new(payload, MIN_PACE);
    let mut bytes = actix_web::web::BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk =
            chunk.map_err(|error| ApiError::refuse_with(ErrorCode::MalformedRequest, error))?;
        if bytes.len() + chunk.len() > limit {
            return Err(ApiError::refuse_with(
                ErrorCode::PayloadTooLarge,
                format!("{} KB", limit / 1024),
            ));
        }
        held.reserve_up_to(bytes.len() + chunk.len())?;
        bytes.extend_from_slice(&chunk);
    }
    Ok((bytes.freeze(), held))
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    if contains_nul(bytes) {
        return Err(ApiError::refuse_with(ErrorCode::MalformedRequest, "JSON, \\u0000"));
    }
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner();
        if inner.is_data() { field_fault(&path, &inner.to_string()) } else { syntax_error(&inner) }
    })?;
    json.end().map_err(|error| syntax_error(&error))?;
    Ok(value)
}

/// Returns whether a JSON string contains the character NUL, which the databases refuse. JSON has
/// one notation for it.
fn contains_nul(json: &[u8]) -> bool {
    let mut rest = json;
    while let Some(place) = rest.iter().position(|byte| *byte == b'\\') {
        if rest[place + 1..].starts_with(b"u0000") {
            return true;
        }
        // Skips the escaped character: it may be a backslash.
        rest = rest.get(place + 2..).unwrap_or_default();
    }
    false
}

fn syntax_error(error: &serde_json::Error) -> ApiError {
    let place = format!("JSON, line {}, column {}", error.line(), error.column());
    ApiError::refuse_with(ErrorCode::MalformedRequest, place)
}

/// Turns an error message of serde into a fault of the field it is about.
pub fn field_fault(path: &str, message: &str) -> ApiError {
    let named = |prefix: &str| message.strip_prefix(prefix).and_then(|rest| rest.split('`').next());
    let below = |name: &str| match path {
        "." | "" => name.to_owned(),
        path if path.ends_with(name) => path.to_owned(),
        path => format!("{path}.{name}"),
    };
    let fault = if let Some(name) = named("unknown field `") {
        FieldFault::new(strip_invisible(&below(name)), ErrorCode::UnknownField)
    } else if let Some(name) = named("missing field `") {
        FieldFault::new(below(name), ErrorCode::Required)
    } else if message.starts_with("invalid type: floating point") && message.contains("expected i")
    {
        FieldFault::new(strip_invisible(path), ErrorCode::NotWhole)
    } else {
        let why = strip_invisible(message.split(" at line ").next().unwrap_or(message));
        let field = if path == "." { String::new() } else { strip_invisible(path) };
        FieldFault { field, code: ErrorCode::WrongType, param: Some(why) }
    };
    ApiError::Refused(Refusal { code: ErrorCode::InvalidFields, param: None, faults: vec![fault] })
}

#[cfg(test)]
mod tests {
    use super::contains_nul;

    #[test]
    fn a_nul_escape_is_found_and_lookalikes_are_not() {
        assert!(contains_nul(br#"{"name":"a\u0000b"}"#));
        assert!(contains_nul(br#"{"name":"a\\\u0000"}"#));
        assert!(!contains_nul(br#"{"name":"a\\u0000b"}"#));
        assert!(!contains_nul(b"\\"));
    }
}
