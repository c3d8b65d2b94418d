//! Programs that call with an API key.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};

use actix_web::http::header::HeaderName;
use actix_web::{HttpMessage, HttpRequest};
use chrono::{DateTime, TimeDelta, Utc};
use services::api_keys::{self, ApiKeyIdentity};
use services::{Conn, LiveBus};
use shared::{ApiKeyId, ErrorCode};

use crate::caller_cache::CallerCache;
use crate::problem::ApiError;
use crate::state::App;

/// How a program says who it is.
pub const API_KEY_HEADER: HeaderName = HeaderName::from_static("x-api-key");

/// Between two notes of when a key was used.
const LAST_USED_INTERVAL: TimeDelta = TimeDelta::minutes(1);

/// What is known of the keys.
pub struct ApiKeyCache {
    facts: CallerCache<ApiKeyId, Arc<ApiKeyIdentity>>,
    last_used: LastUsedThrottle,
}

/// When the use of each key was last noted.
#[derive(Default)]
struct LastUsedThrottle(Mutex<HashMap<ApiKeyId, DateTime<Utc>>>);

impl LastUsedThrottle {
    /// Whether the use is to be noted now; whoever asks does so.
    fn is_due(&self, id: ApiKeyId, now: DateTime<Utc>) -> bool {
        let Ok(mut noted) = self.0.lock() else { return false };
        let due = noted.get(&id).is_none_or(|&last| now - last >= LAST_USED_INTERVAL);
        if due {
            noted.insert(id, now);
        }
        due
    }
}

impl ApiKeyCache {
    pub fn new(bus: LiveBus) -> Self {
        Self { facts: CallerCache::new(bus), last_used: LastUsedThrottle::default() }
    }

    /// Whose key a request carries, as far as that is known without asking the database: enough to
    /// count the caller.
    pub fn key_id_of(&self, request: &impl HttpMessage) -> Option<ApiKeyId> {
        let (id, secret) = api_keys::parse(request.headers().get(API_KEY_HEADER)?.to_str().ok()?)?;
        self.facts.last_read(id)?.verify_secret(secret).then_some(id)
    }
}

/// The key of a request.
///
/// # Errors
/// [`ErrorCode::NotAuthenticated`] if it is none, has ended or is used from elsewhere.
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

/// Nobody waits for this note.
fn record_use(app: App, id: ApiKeyId, from: Option<IpAddr>) {
    actix_web::rt::spawn(async move {
        let ip = from.map(|address| address.to_string());
        let noted = app.db.write(move |tx| api_keys::record_use(tx, id, ip.as_deref())).await;
        if let Err(error) = noted {
            log::warn!("the use of API key {id} could not be noted: {error}");
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_use_is_recorded_once_a_minute() {
        let (noted, start) = (LastUsedThrottle::default(), DateTime::UNIX_EPOCH);
        let due = |key, seconds| noted.is_due(ApiKeyId(key), start + TimeDelta::seconds(seconds));
        assert!(due(1, 0) && due(2, 30));
        assert!(!due(1, 0) && !due(1, 59) && !due(2, 89));
        assert!(due(1, 60) && !due(1, 119) && due(2, 90));
    }
}
