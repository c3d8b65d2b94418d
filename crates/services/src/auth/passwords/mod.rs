//! Password hashing with bcrypt.

mod hasher;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bcrypt::Version;
use hmac::{Hmac, Mac};
use sha2::Sha256;

pub use hasher::{Hasher, QueueClass, QueueSlot};

use crate::error::{Error, Result};

/// bcrypt cost in production: about 230 ms on one core.
pub const BCRYPT_COST: u32 = 12;

/// Domain separation of the pre-hash; not a secret.
const PRE_HASH_KEY: &[u8] = b"isp-management password v1";

/// Hashes a password on the current thread: for the command line and demo data.
pub fn hash(password: &str, cost: u32) -> Result<String> {
    bcrypt::hash(pre_hash(password), cost).map_err(bcrypt_error)
}

fn hash_with_salt(code: &str, cost: u32, salt: [u8; 16]) -> Result<String> {
    let parts = bcrypt::hash_with_salt(pre_hash(code), cost, salt).map_err(bcrypt_error)?;
    Ok(parts.format_for_version(Version::TwoB))
}

fn bcrypt_error(error: bcrypt::BcryptError) -> Error {
    Error::Internal(format!("bcrypt: {error}"))
}

/// Pre-hashes with HMAC, because bcrypt reads only 72 bytes and stops at a zero byte: the base64
/// text is shorter, has no zero byte, and depends on every character of a long passphrase.
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
    fn every_character_of_a_long_passphrase_counts() {
        let long = "kata sandi yang sangat panjang ".repeat(5);
        let stored = hash(&format!("{long}satu"), 4).unwrap();
        assert!(bcrypt::verify(pre_hash(&format!("{long}satu")), &stored).unwrap());
        assert!(!bcrypt::verify(pre_hash(&format!("{long}dua")), &stored).unwrap());
    }
}
