//! Initial set-up: creation of the first superadmin.

use chrono::TimeDelta;
use db::Tx;
use db::tables::users as table;
use rand::Rng;
use shared::user::NewUser;
use shared::{ErrorCode, UserId};
use subtle::ConstantTimeEq;

use crate::auth::issued_session::{Device, IssuedSession};
use crate::auth::jwt::secret_hash;
use crate::encryption::Cipher;
use crate::error::{Error, OrNotFound, Result};
use crate::{auth::login, users};

/// Letters and digits that can not be confused.
const CODE_ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
/// Characters of a code: 60 random bits, in groups of four.
const CODE_CHARS: usize = 12;

/// One-time code for creating the first superadmin, printed on the console while there are no
/// users. Valid until it is used or the server restarts. Only its hash is kept.
pub struct SetupCode {
    hash: String,
}

impl SetupCode {
    /// Generates a code; also returns the text to print.
    pub fn generate() -> (Self, String) {
        let mut random = rand::rng();
        let mut character =
            || char::from(CODE_ALPHABET[random.random_range(0..CODE_ALPHABET.len())]);
        let plain: String = (0..CODE_CHARS).map(|_| character()).collect();
        let groups: Vec<&str> = [0, 4, 8].iter().map(|&at| &plain[at..at + 4]).collect();
        (Self { hash: secret_hash(&plain) }, groups.join("-"))
    }

    /// Compares a typed code, ignoring dashes, spaces and case.
    pub fn matches(&self, typed: &str) -> bool {
        let kept = typed.chars().filter(char::is_ascii_alphanumeric);
        let plain: String = kept.map(|c| c.to_ascii_uppercase()).collect();
        secret_hash(&plain).as_bytes().ct_eq(self.hash.as_bytes()).into()
    }
}

/// Creates the first superadmin. Of two concurrent calls one succeeds.
///
/// # Errors
/// `SetupAlreadyCompleted` if there is a user.
pub fn create_first_superadmin(
    tx: &mut Tx<'_>,
    new: &NewUser,
    password_hash: &str,
) -> Result<UserId> {
    table::lock_first_user(tx.conn())?;
    if !users::has_no_users(tx.conn())? {
        return Err(Error::refuse(ErrorCode::SetupAlreadyCompleted));
    }
    users::create_by_system(tx, new, password_hash)
}

/// Creates the first superadmin and signs in.
///
/// # Errors
/// `SetupAlreadyCompleted` if there is a user.
pub fn create_and_login(
    tx: &mut Tx<'_>,
    cipher: &Cipher,
    new: &NewUser,
    password_hash: &str,
    device: &Device,
    lifetime: TimeDelta,
) -> Result<IssuedSession> {
    let id = create_first_superadmin(tx, new, password_hash)?;
    let (user, technician) = table::find(tx.conn(), id)?.or_not_found()?;
    login::open_session(tx, cipher, &user, technician, device, lifetime)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setup_code_matches_in_any_spelling_and_no_other_does() {
        let (code, printed) = SetupCode::generate();
        assert_eq!(printed.len(), CODE_CHARS + 2);
        assert!(code.matches(&printed));
        assert!(code.matches(&format!(" {} ", printed.to_lowercase().replace('-', " "))));
        let (_, other) = SetupCode::generate();
        assert!(!code.matches(&other) && !code.matches(""));
        assert!(!code.hash.contains(&printed.replace('-', "")));
    }
}
