//! Access tokens whose signature was found right.

use std::collections::HashMap;
use std::sync::RwLock;

use crate::auth::jwt::AccessClaims;

/// More tokens than this are not remembered at once.
const MAX_ENTRIES: usize = 20_000;

/// Remembers tokens, so that the signature of one that comes with each request is reckoned once. A
/// token says who calls and nothing of what that person may do; its end is looked at every time.
#[derive(Default)]
pub struct TokenCache(RwLock<HashMap<Box<str>, VerifiedToken>>);

/// What a token says.
#[derive(Debug, Clone, Copy)]
pub struct VerifiedToken {
    pub claims: AccessClaims,
    /// Seconds since 1970.
    pub expires_at: i64,
}

impl TokenCache {
    /// What the token says, if it was verified before.
    pub fn get(&self, token: &str) -> Option<VerifiedToken> {
        self.0.read().ok()?.get(token).copied()
    }

    /// Remembers a token that was just verified; forgets those that have ended by `now`.
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
