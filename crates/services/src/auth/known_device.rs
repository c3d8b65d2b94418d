//! Devices on which somebody has signed in before.
//!
//! A browser that signed in keeps a cookie that says whose it is. It opens nothing: it only makes its
//! attempts to sign in count apart from those of strangers, who can not have it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use db::tables::users::UserRow;
use shared::UserId;
use subtle::ConstantTimeEq;

use crate::auth::jwt::keyed_hash;
use crate::encryption::Cipher;

const KEY_PURPOSE: &str = "known devices";

/// A device that is known to belong to a login. It is so until the password or the role changes, or
/// somebody signs the other devices out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownDevice {
    user_id: UserId,
    token_epoch: i64,
    device_epoch: i64,
    id: String,
}

impl KnownDevice {
    /// A device that signs in for the first time.
    pub(crate) fn new(user: &UserRow) -> Self {
        Self {
            user_id: user.id,
            token_epoch: user.token_epoch,
            device_epoch: user.device_epoch,
            id: URL_SAFE_NO_PAD.encode(rand::random::<[u8; 16]>()),
        }
    }

    /// Reads a cookie: `<user>.<epochs>.<id>.<code>`. `None` if this server never made it.
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

    /// As it travels.
    pub fn to_cookie(&self, cipher: &Cipher) -> String {
        let Self { user_id, token_epoch, device_epoch, id } = self;
        let text = format!("{user_id}.{token_epoch}.{device_epoch}.{id}");
        let code = keyed_hash(&cipher.derive_key(KEY_PURPOSE), &[text.as_bytes()]);
        format!("{text}.{code}")
    }

    /// What tells it from every other device. Nobody can make one up.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Whether it is still known to belong to this login.
    pub(crate) fn belongs_to(&self, user: &UserRow) -> bool {
        let of = (user.id, user.token_epoch, user.device_epoch);
        (self.user_id, self.token_epoch, self.device_epoch) == of
    }
}

/// What a device of this login is known by from now on: the same as before, if that still holds.
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
