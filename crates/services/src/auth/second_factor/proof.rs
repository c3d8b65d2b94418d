//! A code that somebody sent, and whether it is good.

use db::Tx;
use db::tables::{recovery_codes, second_factors};
use rand::Rng;
use shared::UserId;

use super::totp;
use crate::auth::passwords::QueueSlot;
use crate::encryption::Cipher;
use crate::encryption_at_rest::totp_context;
use crate::error::Result;

/// Recovery codes of a set.
const CODES_PER_SET: usize = 10;
/// Characters of a recovery code, in two groups: 49 random bits.
const CODE_LENGTH: usize = 10;
/// Nothing that looks like something else on paper.
const ALPHABET: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";

/// A code that was sent, as far as it can be looked at outside the transaction.
#[derive(Clone)]
pub enum OtpProof {
    /// Digits of the app.
    Digits(String),
    /// The stored hash that a recovery code belongs to, if any.
    Recovery(Option<String>),
}

/// Blanks and dashes are for the eye.
fn normalize_code(otp: &str) -> String {
    let text = otp.chars().filter(|c| !c.is_whitespace() && *c != '-');
    text.flat_map(char::to_lowercase).collect()
}

/// Whether this may be a recovery code, not digits of the app.
pub fn is_recovery_code(otp: &str) -> bool {
    normalize_code(otp).len() == CODE_LENGTH
}

impl OtpProof {
    /// Digits of the app, whatever they look like.
    pub(super) fn digits(otp: &str) -> Self {
        OtpProof::Digits(normalize_code(otp))
    }

    /// Reads a code; `hashes` are those of the recovery codes.
    ///
    /// # Errors
    /// The worker stopped.
    pub async fn parse(place: &QueueSlot, otp: &str, hashes: Vec<String>) -> Result<Self> {
        if is_recovery_code(otp) {
            Ok(OtpProof::Recovery(place.find_code(normalize_code(otp), hashes).await?))
        } else {
            Ok(OtpProof::digits(otp))
        }
    }
}

/// Whether the code is good, which it is once.
///
/// # Errors
/// The database fails; the secret can not be opened.
pub fn verify_once(
    tx: &mut Tx<'_>,
    cipher: &Cipher,
    user: UserId,
    proof: &OtpProof,
) -> Result<bool> {
    match proof {
        OtpProof::Recovery(Some(hash)) => Ok(recovery_codes::consume(tx.conn(), user, hash)?),
        OtpProof::Recovery(None) => Ok(false),
        OtpProof::Digits(digits) => {
            let Some(factor) = second_factors::find(tx.conn(), user)? else { return Ok(false) };
            let secret = cipher.decrypt(&totp_context(user), &factor.secret)?;
            match totp::matching_step(&secret, digits, tx.now()) {
                Some(step) => Ok(second_factors::use_step(tx.conn(), user, step)?),
                None => Ok(false),
            }
        }
    }
}

/// A new set of recovery codes, as they are shown.
pub(super) fn generate_codes() -> Vec<String> {
    let mut random = rand::rng();
    let mut letter = || char::from(ALPHABET[random.random_range(0..ALPHABET.len())]);
    let mut group = || (0..CODE_LENGTH / 2).map(|_| letter()).collect::<String>();
    (0..CODES_PER_SET).map(|_| format!("{}-{}", group(), group())).collect()
}

/// The set as it is hashed.
pub(super) fn normalize_codes(codes: &[String]) -> Vec<String> {
    codes.iter().map(|code| normalize_code(code)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recovery_codes_are_recognised_in_any_spelling() {
        for code in generate_codes() {
            assert!(is_recovery_code(&code) && is_recovery_code(&code.to_uppercase()), "{code}");
            assert!(is_recovery_code(&code.replace('-', " ")), "{code}");
        }
        assert!(!is_recovery_code("123 456"));
        assert_eq!(normalize_code(" 123 456 "), "123456");
    }

    #[test]
    fn codes_of_a_set_are_unique() {
        let codes: std::collections::BTreeSet<String> = generate_codes().into_iter().collect();
        assert_eq!(codes.len(), CODES_PER_SET);
    }
}
