//! Cache of verified access tokens.

use std::collections::HashMap;
use std::sync::RwLock;

use crate::auth::access_claims::AccessClaims;

/// Maximum tokens cached.
const MAX_ENTRIES: usize = 20_000;

/// Caches verified tokens, so that the signature of a token is verified once. A token carries no
/// permissions, and its expiry is checked every time.
#[derive(Default)]
pub struct TokenCache(RwLock<HashMap<Box<str>, VerifiedToken>>);

/// Content of a verified token.
#[derive(Debug, Clone, Copy)]
pub struct VerifiedToken {
    pub claims: AccessClaims,
    /// Unix time in seconds.
    pub expires_at: i64,
}

impl TokenCache {
    /// Returns a cached token.
    pub fn get(&self, token: &str) -> Option<VerifiedToken> {
        self.0.read().ok()?.get(token).copied()
    }

    /// Caches a verified token; evicts those expired at `now` when full.
    pub fn insert(&self, token: &str, claimed: VerifiedToken, now: i64) {
        let Ok(mut entries) = self.0.write() else { return };
        if entries.len() >= MAX_ENTRIES {
            entries.retain(|_, known| known.expires_at > now);
        }
        if entries.len() >= MAX_ENTRIES {
            entries.clear();
        }
        entries.insert(token.into(), claimed);
    }
}
