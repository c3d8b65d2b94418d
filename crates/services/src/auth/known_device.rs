//! Known devices: browsers on which a user has signed in before.
//!
//! After a login the browser keeps a signed cookie. The cookie grants no access: it only makes
//! login attempts from that browser count separately from those of unknown clients.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use db::tables::users::UserRow;
use shared::UserId;
use subtle::ConstantTimeEq;

use crate::auth::jwt::keyed_hash;
use crate::encryption::Cipher;

const KEY_PURPOSE: &str = "known devices";

/// A device known to belong to a user account, until the password or the role changes or the user
/// signs the other devices out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownDevice {
    user_id: UserId,
    token_epoch: i64,
    device_epoch: i64,
    id: String,
}

impl KnownDevice {
    /// A new device of the user.
    pub(crate) fn new(user: &UserRow) -> Self {
        Self {
            user_id: user.id,
            token_epoch: user.token_epoch,
            device_epoch: user.device_epoch,
            id: URL_SAFE_NO_PAD.encode(rand::random::<[u8; 16]>()),
        }
    }

    /// Parses a cookie `<user>.<epochs>.<id>.<code>`; `None` unless this server has signed it.
    pub fn from_cookie(cipher: &Cipher, cookie: &str) -> Option<Self> {
        let (text, code) = cookie.rsplit_once('.')?;
        let is_ours = cipher.derive_keys(KEY_PURPOSE).iter().any(|key| {
            bool::from(keyed_hash(key, &[text.as_bytes()]).as_bytes().ct_eq(code.as_bytes()))
        });
        if !is_ours {
            return None;
        }
        let mut parts = text.split('.');
        let mut number = || parts.next()?.parse::<i64>().ok();
        let (user_id, token_epoch, device_epoch) = (UserId(number()?), number()?, number()?);
        Some(Self { user_id, token_epoch, device_epoch, id: parts.next()?.to_owned() })
    }

    /// The signed cookie value.
    pub fn to_cookie(&self, cipher: &Cipher) -> String {
        let Self { user_id, token_epoch, device_epoch, id } = self;
        let text = format!("{user_id}.{token_epoch}.{device_epoch}.{id}");
        let code = keyed_hash(&cipher.derive_key(KEY_PURPOSE), &[text.as_bytes()]);
        format!("{text}.{code}")
    }

    /// Random id of the device; it can not be guessed.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Whether it still belongs to the user account.
    pub(crate) fn belongs_to(&self, user: &UserRow) -> bool {
        let of = (user.id, user.token_epoch, user.device_epoch);
        (self.user_id, self.token_epoch, self.device_epoch) == of
    }
}

/// The device to remember after a login: the presented one if still valid, otherwise a new one.
pub(crate) fn renew(user: &UserRow, presented: Option<&KnownDevice>) -> KnownDevice {
    let kept = presented.filter(|device| device.belongs_to(user)).cloned();
    kept.unwrap_or_else(|| KnownDevice::new(user))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_unchanged_cookies_of_this_server_are_accepted() {
        let cipher = Cipher::new([1; 32], &[]);
        let device = KnownDevice {
            user_id: UserId(7),
            token_epoch: 2,
            device_epoch: 3,
            id: "abc_-".to_owned(),
        };
        let cookie = device.to_cookie(&cipher);
        assert_eq!(KnownDevice::from_cookie(&cipher, &cookie), Some(device.clone()));
        assert_eq!(KnownDevice::from_cookie(&Cipher::new([2; 32], &[]), &cookie), None);
        assert_eq!(KnownDevice::from_cookie(&cipher, &cookie.replacen('7', "8", 1)), None);
        for nonsense in ["", ".", "7.2.3.abc", "a.b.c.d.e"] {
            assert_eq!(KnownDevice::from_cookie(&cipher, nonsense), None, "{nonsense}");
        }
        // After a change of keys the cookies of before are still known.
        let rotated = Cipher::new([2; 32], &[[1; 32]]);
        assert_eq!(KnownDevice::from_cookie(&rotated, &cookie), Some(device));
    }
}
