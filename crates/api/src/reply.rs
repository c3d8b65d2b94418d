//! Responses of handlers: runs one service in a transaction and serialises its result.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, ETAG, HeaderValue};
use serde::Serialize;
use services::encryption::Cipher;
use services::idempotency::{self, RequestKey};
use services::{Actor, Conn, Result as ServiceResult, Tx};

use crate::extractors::json_body::ChangeMeta;
use crate::problem::ApiError;
use crate::state::App;

/// The result of a handler.
pub type Reply = Result<HttpResponse, ApiError>;

/// Responds to a GET. The thread that reads also serialises: what it has allocated is freed there, without waiting for
/// other threads.
///
/// # Errors
/// Those of the service.
pub async fn read<T: Serialize + 'static>(
    app: &App,
    service: impl FnOnce(&mut Conn) -> ServiceResult<T> + Send + 'static,
) -> Reply {
    let body = app.db.read(move |conn| services::to_json(&service(conn)?)).await?;
    Ok(json_response(StatusCode::OK, body))
}

/// Responds to a GET of one versioned resource, with its version as `ETag`.
///
/// # Errors
/// Those of the service.
pub async fn read_versioned<T: Serialize + 'static>(
    app: &App,
    version: impl Fn(&T) -> i64 + Send + 'static,
    service: impl FnOnce(&mut Conn) -> ServiceResult<T> + Send + 'static,
) -> Reply {
    let read = move |conn: &mut Conn| {
        let value = service(conn)?;
        Ok::<_, services::Error>((version(&value), services::to_json(&value)?))
    };
    let (version, body) = app.db.read(read).await?;
    let mut response = json_response(StatusCode::OK, body);
    if let Ok(version) = HeaderValue::from_str(&format!("\"{version}\"")) {
        response.headers_mut().insert(ETAG, version);
    }
    Ok(response)
}

/// Responds to a PUT. The service compares the version of `If-Match`.
///
/// # Errors
/// Those of the service.
pub async fn update<T: Serialize + Send + 'static>(
    app: &App,
    service: impl Fn(&mut Tx<'_>) -> ServiceResult<T> + Send + 'static,
) -> Reply {
    let value = app.db.write(service).await?;
    Ok(HttpResponse::Ok().json(value))
}

/// Responds to a POST. With an `Idempotency-Key`, the first successful response is stored in the
/// same transaction and returned to repetitions of the request. A refused request changes nothing
/// and is not stored.
///
/// # Errors
/// Those of the service; `IdempotencyMismatch` if the key was used for another request.
pub async fn create<T: Serialize + 'static>(
    app: &App,
    actor: Actor,
    meta: ChangeMeta,
    status: StatusCode,
    service: impl Fn(&mut Tx<'_>, &Actor) -> ServiceResult<T> + Send + 'static,
) -> Reply {
    let request = request_key(&actor, meta, None);
    run_idempotent(app, request, status, move |tx| service(tx, &actor)).await
}

/// Responds to a POST like [`create`], for a response with a secret: it is stored encrypted, and
/// not cached.
///
/// # Errors
/// Those of [`create`].
pub async fn create_secret<T: Serialize + 'static>(
    app: &App,
    actor: Actor,
    meta: ChangeMeta,
    status: StatusCode,
    service: impl Fn(&mut Tx<'_>, &Actor) -> ServiceResult<T> + Send + 'static,
) -> Reply {
    let request = request_key(&actor, meta, Some(app.cipher.clone()));
    let mut response = run_idempotent(app, request, status, move |tx| service(tx, &actor)).await?;
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// Returns what identifies a repeated request; `None` without an `Idempotency-Key`. With `cipher`
/// the stored response is encrypted.
pub fn request_key(actor: &Actor, meta: ChangeMeta, cipher: Option<Cipher>) -> Option<RequestKey> {
    let ChangeMeta { key, request_hash } = meta;
    let caller = actor.caller_id();
    key.map(|key| RequestKey { caller, key, request_hash, cipher })
}

async fn run_idempotent<T: Serialize + 'static>(
    app: &App,
    request: Option<RequestKey>,
    status: StatusCode,
    service: impl Fn(&mut Tx<'_>) -> ServiceResult<T> + Send + 'static,
) -> Reply {
    let (status, body) = app
        .db
        .write(move |tx| {
            if let Some(request) = &request
                && let Some(first) = idempotency::stored_response(tx, request)?
            {
                return Ok(first);
            }
            let value = service(tx)?;
            let body = services::to_json(&value)?;
            if let Some(request) = &request {
                idempotency::store_response(tx, request, status.as_u16(), &body)?;
            }
            Ok::<_, services::Error>((status.as_u16(), body))
        })
        .await?;
    Ok(stored_response(status, body))
}

/// Builds a response from JSON text.
pub fn stored_response(status: u16, body: String) -> HttpResponse {
    json_response(StatusCode::from_u16(status).unwrap_or(StatusCode::OK), body)
}

fn json_response(status: StatusCode, body: String) -> HttpResponse {
    HttpResponse::build(status).content_type("application/json").body(body)
}
