//! Cache of API keys.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use actix_web::HttpMessage;
use actix_web::http::header::HeaderName;
use chrono::{DateTime, TimeDelta, Utc};
use services::LiveBus;
use services::api_keys::{self, ApiKeyIdentity};
use shared::ApiKeyId;

use crate::caller_cache::CallerCache;

/// The header with the API key.
pub const API_KEY_HEADER: HeaderName = HeaderName::from_static("x-api-key");

/// Interval at which the last use of a key is stored.
const LAST_USED_INTERVAL: TimeDelta = TimeDelta::minutes(1);

/// Cached facts of API keys.
pub struct ApiKeyCache {
    pub(crate) facts: CallerCache<ApiKeyId, Arc<ApiKeyIdentity>>,
    pub(crate) last_used: LastUsedThrottle,
}

/// When the last use of each key was stored.
#[derive(Default)]
pub(crate) struct LastUsedThrottle(Mutex<HashMap<ApiKeyId, DateTime<Utc>>>);

impl LastUsedThrottle {
    /// Returns whether the use is to be stored now, and expects the caller to store it.
    pub(crate) fn is_due(&self, id: ApiKeyId, now: DateTime<Utc>) -> bool {
        let Ok(mut last_used) = self.0.lock() else { return false };
        let due = last_used.get(&id).is_none_or(|&last| now - last >= LAST_USED_INTERVAL);
        if due {
            last_used.insert(id, now);
        }
        due
    }
}

impl ApiKeyCache {
    pub fn new(bus: LiveBus) -> Self {
        Self { facts: CallerCache::new(bus), last_used: LastUsedThrottle::default() }
    }

    /// Returns the id of the key that a request carries, if it is cached: enough to count the
    /// caller.
    pub fn key_id_of(&self, request: &impl HttpMessage) -> Option<ApiKeyId> {
        let (id, secret) = api_keys::parse(request.headers().get(API_KEY_HEADER)?.to_str().ok()?)?;
        self.facts.last_read(id)?.verify_secret(secret).then_some(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_use_is_recorded_once_a_minute() {
        let (throttle, start) = (LastUsedThrottle::default(), DateTime::UNIX_EPOCH);
        let due =
            |key, seconds| throttle.is_due(ApiKeyId(key), start + TimeDelta::seconds(seconds));
        assert!(due(1, 0) && due(2, 30));
        assert!(!due(1, 0) && !due(1, 59) && !due(2, 89));
        assert!(due(1, 60) && !due(1, 119) && due(2, 90));
    }
}
