//! XChaCha20-Poly1305 encryption of secrets at rest.

use std::sync::Arc;

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{Key, KeyInit, XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use rand::RngCore;
use sha2::Sha256;

use crate::error::{Error, Result};

/// Bytes of a data key.
pub const KEY_BYTES: usize = 32;

/// Version of the layout: version, key id, nonce, ciphertext with its tag.
const VERSION: u8 = 1;
const ID_BYTES: usize = 4;
const NONCE_BYTES: usize = 24;
const HEADER_BYTES: usize = 1 + ID_BYTES + NONCE_BYTES;

/// The data keys of this installation (`DATA_KEY`, `DATA_KEY_PREVIOUS`). Encrypts with the current
/// key and decrypts with any, so that keys can be rotated without downtime.
#[derive(Clone)]
pub struct Cipher {
    /// The current key first.
    keys: Arc<[DataKey]>,
}

struct DataKey {
    id: [u8; ID_BYTES],
    master: [u8; KEY_BYTES],
    cipher: XChaCha20Poly1305,
}

impl std::fmt::Debug for Cipher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vault").finish_non_exhaustive()
    }
}

impl DataKey {
    fn new(master: [u8; KEY_BYTES]) -> Self {
        let mut id = [0; ID_BYTES];
        id.copy_from_slice(&derive(&master, "key id")[..ID_BYTES]);
        let cipher = XChaCha20Poly1305::new(Key::from_slice(&derive(&master, "encryption")));
        Self { id, master, cipher }
    }
}

/// HKDF-SHA-256 (RFC 5869): an independent key per purpose.
fn derive(master: &[u8; KEY_BYTES], purpose: &str) -> [u8; KEY_BYTES] {
    let mut derived = [0; KEY_BYTES];
    Hkdf::<Sha256>::new(Some(b"isp-management data key v1"), master)
        .expand(purpose.as_bytes(), &mut derived)
        .unwrap_or_else(|_| unreachable!("32 bytes are one block"));
    derived
}

fn keyed_hash(key: &[u8; KEY_BYTES], text: &[u8]) -> String {
    let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(key)
        .unwrap_or_else(|_| unreachable!("HMAC takes keys of any length"));
    mac.update(text);
    data_encoding::HEXLOWER.encode(&mac.finalize().into_bytes())
}

impl Cipher {
    /// Encrypts with `current`; also decrypts values encrypted with one of `previous`.
    pub fn new(current: [u8; KEY_BYTES], previous: &[[u8; KEY_BYTES]]) -> Self {
        let keys = std::iter::once(current).chain(previous.iter().copied()).map(DataKey::new);
        Self { keys: keys.collect() }
    }

    /// Encrypts a value. `context` names its place, for instance `customer.nik:42`: a value copied
    /// to another row does not decrypt there.
    pub fn encrypt(&self, context: &str, plain: &[u8]) -> Vec<u8> {
        let key = &self.keys[0];
        let mut nonce = [0; NONCE_BYTES];
        rand::rng().fill_bytes(&mut nonce);
        let payload = Payload { msg: plain, aad: context.as_bytes() };
        let encrypted = key
            .cipher
            .encrypt(XNonce::from_slice(&nonce), payload)
            .unwrap_or_else(|_| unreachable!("texts and photos are shorter than 256 GB"));
        [&[VERSION][..], &key.id, &nonce, &encrypted].concat()
    }

    /// Decrypts a value that [`Cipher::encrypt`] produced for the same `context`. Fails for an
    /// unknown key, another context or changed bytes.
    pub fn decrypt(&self, context: &str, encrypted: &[u8]) -> Result<Vec<u8>> {
        let failed = |why: &str| Error::Decryption(format!("{context}: {why}"));
        if encrypted.len() < HEADER_BYTES || encrypted[0] != VERSION {
            return Err(failed("is not an encrypted value"));
        }
        let (header, body) = encrypted.split_at(HEADER_BYTES);
        let (id, nonce) = header[1..].split_at(ID_BYTES);
        let key = self.keys.iter().find(|key| key.id == id).ok_or_else(|| {
            failed("was encrypted with a key that is neither DATA_KEY nor in DATA_KEY_PREVIOUS")
        })?;
        let payload = Payload { msg: body, aad: context.as_bytes() };
        key.cipher
            .decrypt(XNonce::from_slice(nonce), payload)
            .map_err(|_| failed("was changed, or belongs elsewhere"))
    }

    /// Whether the value was encrypted with the current key.
    pub fn uses_current_key(&self, encrypted: &[u8]) -> bool {
        encrypted.get(1..=ID_BYTES) == Some(&self.keys[0].id[..])
    }

    /// HMAC-SHA-256 in hex with the current key of a purpose.
    pub fn hash(&self, purpose: &str, text: &[u8]) -> String {
        keyed_hash(&self.derive_key(purpose), text)
    }

    /// HMAC-SHA-256 in hex with each key of a purpose, the current one first.
    pub fn hashes(&self, purpose: &str, text: &[u8]) -> Vec<String> {
        self.derive_keys(purpose).iter().map(|key| keyed_hash(key, text)).collect()
    }

    /// The current one of [`Cipher::derive_keys`].
    pub fn derive_key(&self, purpose: &str) -> [u8; KEY_BYTES] {
        derive(&self.keys[0].master, purpose)
    }

    /// Derives keys for other purposes, for instance message authentication; the current one first.
    /// They reveal nothing about the data key or other purposes.
    pub fn derive_keys(&self, purpose: &str) -> Vec<[u8; KEY_BYTES]> {
        self.keys.iter().map(|key| derive(&key.master, purpose)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: [u8; KEY_BYTES] = [1; KEY_BYTES];
    const NEW: [u8; KEY_BYTES] = [2; KEY_BYTES];

    #[test]
    fn a_value_decrypts_only_in_its_own_context() {
        let cipher = Cipher::new(OLD, &[]);
        let encrypted = cipher.encrypt("customer.nik:1", b"3404011212900001");
        assert_eq!(cipher.decrypt("customer.nik:1", &encrypted).unwrap(), b"3404011212900001");
        assert!(cipher.decrypt("customer.nik:2", &encrypted).is_err());
        assert!(!encrypted.windows(4).any(|part| part == b"3404"));
    }

    #[test]
    fn any_changed_byte_is_detected() {
        let cipher = Cipher::new(OLD, &[]);
        let encrypted = cipher.encrypt("place", b"text");
        for at in 0..encrypted.len() {
            let mut changed = encrypted.clone();
            changed[at] ^= 1;
            assert!(cipher.decrypt("place", &changed).is_err(), "byte {at}");
        }
        assert!(cipher.decrypt("place", &encrypted[..10]).is_err());
    }

    #[test]
    fn after_a_key_change_old_values_still_decrypt_and_new_ones_need_the_new_key() {
        let encrypted = Cipher::new(OLD, &[]).encrypt("place", b"text");
        let both = Cipher::new(NEW, &[OLD]);
        assert_eq!(both.decrypt("place", &encrypted).unwrap(), b"text");
        assert!(!both.uses_current_key(&encrypted));
        let again = both.encrypt("place", b"text");
        assert!(both.uses_current_key(&again));
        assert!(Cipher::new(OLD, &[]).decrypt("place", &again).is_err());
        assert_ne!(both.derive_keys("audit"), both.derive_keys("encryption"));
    }
}
