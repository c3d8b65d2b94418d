//! A code that somebody sent, and whether it is good.

use db::Tx;
use db::tables::{recovery_codes, second_factors};
use rand::Rng;
use shared::UserId;

use super::totp;
use crate::error::Result;
use crate::passwords::Place;
use crate::sealed::totp_context;
use crate::vault::Vault;

/// Recovery codes of a set.
const CODES: usize = 10;
/// Characters of a recovery code, in two groups: 49 random bits.
const CODE_LENGTH: usize = 10;
/// Nothing that looks like something else on paper.
const ALPHABET: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";

/// A code that was sent, as far as it can be looked at outside the transaction.
#[derive(Clone)]
pub enum Proof {
    /// Digits of the app.
    Digits(String),
    /// The stored hash that a recovery code belongs to, if any.
    Recovery(Option<String>),
}

/// Blanks and dashes are for the eye.
fn bare(otp: &str) -> String {
    let text = otp.chars().filter(|c| !c.is_whitespace() && *c != '-');
    text.flat_map(char::to_lowercase).collect()
}

/// Whether this may be a recovery code, not digits of the app.
pub fn is_recovery_code(otp: &str) -> bool {
    bare(otp).len() == CODE_LENGTH
}

impl Proof {
    /// Digits of the app, whatever they look like.
    pub(super) fn digits(otp: &str) -> Self {
        Proof::Digits(bare(otp))
    }

    /// Reads a code; `hashes` are those of the recovery codes.
    ///
    /// # Errors
    /// The worker stopped.
    pub async fn read(place: &Place, otp: &str, hashes: Vec<String>) -> Result<Self> {
        if is_recovery_code(otp) {
            Ok(Proof::Recovery(place.find_code(bare(otp), hashes).await?))
        } else {
            Ok(Proof::digits(otp))
        }
    }
}

/// Whether the code is good, which it is once.
///
/// # Errors
/// The database fails; the secret can not be opened.
pub fn accept(tx: &mut Tx<'_>, vault: &Vault, user: UserId, proof: &Proof) -> Result<bool> {
    match proof {
        Proof::Recovery(Some(hash)) => Ok(recovery_codes::take(tx.conn(), user, hash)?),
        Proof::Recovery(None) => Ok(false),
        Proof::Digits(digits) => {
            let Some(factor) = second_factors::find(tx.conn(), user)? else { return Ok(false) };
            let secret = vault.open(&totp_context(user), &factor.secret)?;
            match totp::step_of(&secret, digits, tx.now()) {
                Some(step) => Ok(second_factors::use_step(tx.conn(), user, step)?),
                None => Ok(false),
            }
        }
    }
}

/// A new set of recovery codes, as they are shown.
pub(super) fn new_codes() -> Vec<String> {
    let mut random = rand::rng();
    let mut letter = || char::from(ALPHABET[random.random_range(0..ALPHABET.len())]);
    let mut group = || (0..CODE_LENGTH / 2).map(|_| letter()).collect::<String>();
    (0..CODES).map(|_| format!("{}-{}", group(), group())).collect()
}

/// The set as it is hashed.
pub(super) fn bare_codes(codes: &[String]) -> Vec<String> {
    codes.iter().map(|code| bare(code)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_told_apart_however_they_are_typed() {
        for code in new_codes() {
            assert!(is_recovery_code(&code) && is_recovery_code(&code.to_uppercase()), "{code}");
            assert!(is_recovery_code(&code.replace('-', " ")), "{code}");
        }
        assert!(!is_recovery_code("123 456"));
        assert_eq!(bare(" 123 456 "), "123456");
    }

    #[test]
    fn no_two_codes_of_a_set_are_alike() {
        let codes: std::collections::BTreeSet<String> = new_codes().into_iter().collect();
        assert_eq!(codes.len(), CODES);
    }
}
