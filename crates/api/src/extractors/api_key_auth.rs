//! Authentication by API key.

use std::net::IpAddr;
use std::sync::Arc;

use actix_web::HttpRequest;
use services::Conn;
use services::api_keys::{self, ApiKeyIdentity};
use shared::{ApiKeyId, ErrorCode};

use crate::api_key_cache::API_KEY_HEADER;
use crate::problem::ApiError;
use crate::state::App;

/// Authenticates a request by its API key.
///
/// # Errors
/// [`ErrorCode::NotAuthenticated`]: unknown, expired or revoked, or used from an address that is
/// not allowed.
pub async fn authenticate(
    app: &App,
    request: &HttpRequest,
    from: Option<IpAddr>,
) -> Result<Arc<ApiKeyIdentity>, ApiError> {
    let refused = || ApiError::refuse(ErrorCode::NotAuthenticated);
    let text = request.headers().get(API_KEY_HEADER).and_then(|value| value.to_str().ok());
    let (id, secret) = text.and_then(api_keys::parse).ok_or_else(refused)?;
    let read = move |conn: &mut Conn| Ok(api_keys::find_identity(conn, id)?.map(Arc::new));
    let facts = app.api_key_cache.facts.get(&app.db, id, read).await?.ok_or_else(refused)?;
    let now = app.db.clock().now();
    if !facts.verify_secret(secret) || !facts.is_usable(now, from) {
        return Err(refused());
    }
    if app.api_key_cache.last_used.is_due(id, now) {
        record_use(app.clone(), id, from);
    }
    Ok(facts)
}

/// Stores the last use in the background.
fn record_use(app: App, id: ApiKeyId, from: Option<IpAddr>) {
    actix_web::rt::spawn(async move {
        let ip = from.map(|address| address.to_string());
        let stored = app.db.write(move |tx| api_keys::record_use(tx, id, ip.as_deref())).await;
        if let Err(error) = stored {
            log::warn!("the use of API key {id} could not be stored: {error}");
        }
    });
}
