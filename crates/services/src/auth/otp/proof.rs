//! Verification of one-time codes and recovery codes.

use db::Tx;
use db::tables::{recovery_codes, second_factors};
use rand::Rng;
use shared::UserId;

use super::totp;
use crate::auth::passwords::QueueSlot;
use crate::encryption::Cipher;
use crate::encryption_at_rest::totp_context;
use crate::error::Result;

/// Recovery codes per set.
const CODES_PER_SET: usize = 10;
/// Characters of a recovery code, in two groups: 49 random bits.
const CODE_LENGTH: usize = 10;
/// Letters and digits that can not be confused on paper.
const ALPHABET: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";

/// A code, parsed as far as possible outside the transaction.
#[derive(Clone)]
pub enum OtpProof {
    /// A TOTP code from the app.
    Digits(String),
    /// The stored hash that a recovery code matches, if any.
    Recovery(Option<String>),
}

/// Removes blanks and dashes and converts to lower case.
fn normalize_code(otp: &str) -> String {
    let text = otp.chars().filter(|c| !c.is_whitespace() && *c != '-');
    text.flat_map(char::to_lowercase).collect()
}

/// Whether the text has the form of a recovery code.
pub fn is_recovery_code(otp: &str) -> bool {
    normalize_code(otp).len() == CODE_LENGTH
}

impl OtpProof {
    /// Treats the text as a TOTP code.
    pub(crate) fn digits(otp: &str) -> Self {
        OtpProof::Digits(normalize_code(otp))
    }

    /// Parses a code; `hashes` are those of the recovery codes.
    pub async fn parse(place: &QueueSlot, otp: &str, hashes: Vec<String>) -> Result<Self> {
        if is_recovery_code(otp) {
            Ok(OtpProof::Recovery(place.find_code(normalize_code(otp), hashes).await?))
        } else {
            Ok(OtpProof::digits(otp))
        }
    }
}

/// Verifies a code; each code is accepted once (replay protection).
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

/// Generates a set of recovery codes for display.
pub(crate) fn generate_codes() -> Vec<String> {
    let mut random = rand::rng();
    let mut letter = || char::from(ALPHABET[random.random_range(0..ALPHABET.len())]);
    let mut group = || (0..CODE_LENGTH / 2).map(|_| letter()).collect::<String>();
    (0..CODES_PER_SET).map(|_| format!("{}-{}", group(), group())).collect()
}

/// Normalises the set for hashing.
pub(crate) fn normalize_codes(codes: &[String]) -> Vec<String> {
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
