//! HMAC keys of the audit chain.

use db::AuditSigner;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

use crate::encryption::{Cipher, KEY_BYTES};

/// Purpose for which the cipher derives the keys.
const KEY_PURPOSE: &str = "audit";

type AuditMac = Hmac<Sha256>;

/// The keys of the audit chain: signs with the current key, verifies with any of them.
#[derive(Clone)]
pub struct AuditKeys {
    /// The current key first.
    keys: Vec<AuditKey>,
}

#[derive(Clone)]
struct AuditKey {
    id: i64,
    bytes: [u8; KEY_BYTES],
    /// HMAC state initialised with the key, so that this work is done once.
    code: AuditMac,
}

impl AuditKey {
    fn new(bytes: [u8; KEY_BYTES]) -> Self {
        let code = AuditMac::new_from_slice(&bytes)
            .unwrap_or_else(|_| unreachable!("HMAC takes keys of any length"));
        Self { id: key_id(&bytes), bytes, code }
    }
}

/// Derives a public key id that reveals nothing about the key.
fn key_id(key: &[u8; KEY_BYTES]) -> i64 {
    let hash = Sha256::new_with_prefix(b"isp audit key id").chain_update(key).finalize();
    let mut id = [0; 4];
    id.copy_from_slice(&hash[..4]);
    i64::from(u32::from_be_bytes(id))
}

impl AuditKeys {
    /// Derives the audit keys from the data keys of this installation.
    pub fn from_cipher(cipher: &Cipher) -> Self {
        Self { keys: cipher.derive_keys(KEY_PURPOSE).into_iter().map(AuditKey::new).collect() }
    }

    /// Adds a former key, for entries that were signed long ago.
    pub fn add(&mut self, key: [u8; KEY_BYTES]) {
        self.keys.push(AuditKey::new(key));
    }

    /// Every key but the current one, with its id: what must be stored before data keys are
    /// removed.
    pub fn previous(&self) -> impl Iterator<Item = (i64, &[u8; KEY_BYTES])> {
        self.keys.iter().skip(1).map(|key| (key.id, &key.bytes))
    }
}

impl AuditSigner for AuditKeys {
    fn key_id(&self) -> i64 {
        self.keys[0].id
    }

    fn mac(&self, message: &[u8]) -> Vec<u8> {
        self.keys[0].code.clone().chain_update(message).finalize().into_bytes().to_vec()
    }

    fn verify(&self, key_id: i64, message: &[u8], mac: &[u8]) -> Option<bool> {
        let key = self.keys.iter().find(|key| key.id == key_id)?;
        Some(key.code.clone().chain_update(message).verify_slice(mac).is_ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_stay_verifiable_after_a_key_change_while_the_previous_key_is_available() {
        let before = AuditKeys::from_cipher(&Cipher::new([1; KEY_BYTES], &[]));
        let code = before.mac(b"entry");
        let after = AuditKeys::from_cipher(&Cipher::new([2; KEY_BYTES], &[[1; KEY_BYTES]]));
        assert_ne!(after.key_id(), before.key_id());
        assert_eq!(after.verify(before.key_id(), b"entry", &code), Some(true));
        assert_eq!(after.verify(before.key_id(), b"Entry", &code), Some(false));
        let mut alone = AuditKeys::from_cipher(&Cipher::new([2; KEY_BYTES], &[]));
        assert_eq!(alone.verify(before.key_id(), b"entry", &code), None);
        let kept: Vec<_> = after.previous().map(|(_, key)| *key).collect();
        alone.add(kept[0]);
        assert_eq!(alone.verify(before.key_id(), b"entry", &code), Some(true));
    }
}
