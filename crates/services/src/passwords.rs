//! Passwords: slow to guess, bounded in the work they cause.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use db::DbError;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use crate::error::{Error, Result};

/// bcrypt cost in production: about 230 ms of one core.
pub const COST: u32 = 12;

/// Separates this use of SHA-256 from every other one; no secret.
const PRE_HASH_KEY: &[u8] = b"isp-management password v1";

/// Hashes and checks passwords, a bounded number at a time: a storm of logins must not take the
/// cores from everything else.
#[derive(Debug, Clone)]
pub struct Hasher {
    gate: Arc<Semaphore>,
    cost: u32,
}

impl Hasher {
    /// At most `at_once` hashes in flight.
    pub fn new(at_once: usize, cost: u32) -> Self {
        Self { gate: Arc::new(Semaphore::new(at_once.max(1))), cost }
    }

    /// Hashes a new password.
    ///
    /// # Errors
    /// The worker stopped.
    pub async fn hash(&self, password: String) -> Result<String> {
        let cost = self.cost;
        self.gated(move || hash(&password, cost)).await?
    }

    /// Whether the password belongs to the hash. Without a hash (unknown user) the same work is
    /// done for nothing, so that the time tells nothing.
    ///
    /// # Errors
    /// The worker stopped.
    pub async fn verify(&self, password: String, stored: Option<String>) -> Result<bool> {
        let cost = self.cost;
        self.gated(move || match stored {
            Some(stored) => bcrypt::verify(pre_hash(&password), &stored).unwrap_or(false),
            None => {
                let _ = hash(&password, cost);
                false
            }
        })
        .await
    }

    async fn gated<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T> {
        let permit = self.gate.acquire().await.map_err(|_| Error::Db(DbError::Stopped))?;
        let done = spawn_blocking(work).await.map_err(|_| Error::Db(DbError::Stopped));
        drop(permit);
        done
    }
}

/// Hashes a password here and now: for the command line and for demo data.
///
/// # Errors
/// No randomness to be had.
pub fn hash(password: &str, cost: u32) -> Result<String> {
    bcrypt::hash(pre_hash(password), cost)
        .map_err(|error| Error::Db(DbError::Corrupt(format!("bcrypt: {error}"))))
}

/// bcrypt reads 72 bytes and stops at a zero: a base64 of an HMAC is shorter and has no zero, and
/// every character of a long passphrase counts.
fn pre_hash(password: &str) -> String {
    let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(PRE_HASH_KEY)
        .unwrap_or_else(|_| unreachable!("HMAC takes keys of any length"));
    mac.update(password.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_long_passphrase_counts() {
        let long = "kata sandi yang sangat panjang ".repeat(5);
        let stored = hash(&format!("{long}satu"), 4).unwrap();
        assert!(bcrypt::verify(pre_hash(&format!("{long}satu")), &stored).unwrap());
        assert!(!bcrypt::verify(pre_hash(&format!("{long}dua")), &stored).unwrap());
    }
}
