//! The very first login.

use chrono::TimeDelta;
use db::Tx;
use db::tables::users as table;
use rand::Rng;
use shared::user::NewUser;
use shared::{ErrorCode, UserId};
use subtle::ConstantTimeEq;

use crate::auth::{Device, Session};
use crate::error::{Error, OrNotFound, Result};
use crate::tokens::secret_hash;
use crate::vault::Vault;
use crate::{sign_in, users};

/// No letters or digits that look alike.
const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
/// Characters of a code: 60 random bits, in groups of four.
const LENGTH: usize = 12;

/// The code that makes the first superadmin: printed on the console while nobody can sign in, good
/// until it was used or the server starts again. Only its hash is kept.
pub struct SetupCode {
    hash: String,
}

impl SetupCode {
    /// A new code, and what to print.
    pub fn make() -> (Self, String) {
        let mut random = rand::rng();
        let mut character = || char::from(ALPHABET[random.random_range(0..ALPHABET.len())]);
        let plain: String = (0..LENGTH).map(|_| character()).collect();
        let groups: Vec<&str> = [0, 4, 8].iter().map(|&at| &plain[at..at + 4]).collect();
        (Self { hash: secret_hash(&plain) }, groups.join("-"))
    }

    /// Whether this is the code; dashes, spaces and small letters do not matter.
    pub fn matches(&self, typed: &str) -> bool {
        let kept = typed.chars().filter(char::is_ascii_alphanumeric);
        let plain: String = kept.map(|c| c.to_ascii_uppercase()).collect();
        secret_hash(&plain).as_bytes().ct_eq(self.hash.as_bytes()).into()
    }
}

/// Makes the first superadmin. Of two who try at the same instant, one does.
///
/// # Errors
/// [`ErrorCode::SetupAlreadyCompleted`] if somebody can sign in already.
pub fn first_superadmin(tx: &mut Tx<'_>, new: &NewUser, password_hash: &str) -> Result<UserId> {
    table::lock_first_login(tx.conn())?;
    if !users::is_empty(tx.conn())? {
        return Err(Error::refuse(ErrorCode::SetupAlreadyCompleted));
    }
    users::create_by_system(tx, new, password_hash)
}

/// Makes the first superadmin, who is signed in with it.
///
/// # Errors
/// [`ErrorCode::SetupAlreadyCompleted`] if somebody can sign in already.
pub fn first_sign_in(
    tx: &mut Tx<'_>,
    vault: &Vault,
    new: &NewUser,
    password_hash: &str,
    device: &Device,
    lifetime: TimeDelta,
) -> Result<Session> {
    let id = first_superadmin(tx, new, password_hash)?;
    let (user, technician) = table::find(tx.conn(), id)?.or_not_found()?;
    sign_in::open(tx, vault, &user, technician, device, lifetime)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_known_again_however_it_is_typed_and_no_other_is() {
        let (code, printed) = SetupCode::make();
        assert_eq!(printed.len(), LENGTH + 2);
        assert!(code.matches(&printed));
        assert!(code.matches(&format!(" {} ", printed.to_lowercase().replace('-', " "))));
        let (_, other) = SetupCode::make();
        assert!(!code.matches(&other) && !code.matches(""));
        assert!(!code.hash.contains(&printed.replace('-', "")));
    }
}
