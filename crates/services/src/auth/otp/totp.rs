//! Time-based one-time passwords (RFC 6238 over RFC 4226: SHA-1, six digits, 30 seconds).

use chrono::{DateTime, Utc};
use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, Mac};
use sha1::Sha1;
use shared::second_factor::SecondFactorSetup;
use subtle::ConstantTimeEq;

use crate::error::Result;
use crate::qr_code;

/// Digits of a code.
pub const DIGITS: usize = 6;
/// Seconds per time step.
const STEP_SECONDS: i64 = 30;
/// Time steps that a phone's clock may deviate, either way.
const ALLOWED_SKEW_STEPS: i64 = 1;
/// As long as the output of the hash (RFC 4226, section 4).
const SECRET_BYTES: usize = 20;

/// Issuer shown in the authenticator app.
const ISSUER: &str = "ISP Management System";

/// Generates a secret.
pub fn new_secret() -> [u8; SECRET_BYTES] {
    rand::random()
}

fn code(secret: &[u8], step: i64) -> String {
    let mut mac = <Hmac<Sha1> as Mac>::new_from_slice(secret)
        .unwrap_or_else(|_| unreachable!("HMAC takes keys of any length"));
    mac.update(&step.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    // RFC 4226, 5.3: the last four bits give the offset of the code.
    let at = usize::from(hash[19] & 0xf);
    let number = u32::from_be_bytes([hash[at] & 0x7f, hash[at + 1], hash[at + 2], hash[at + 3]]);
    format!("{:06}", number % 1_000_000)
}

/// The time step that a code belongs to; `None` for a wrong code.
pub fn matching_step(secret: &[u8], given: &str, now: DateTime<Utc>) -> Option<i64> {
    let current = now.timestamp() / STEP_SECONDS;
    let is_given = |step: &i64| bool::from(code(secret, *step).as_bytes().ct_eq(given.as_bytes()));
    (current - ALLOWED_SKEW_STEPS..=current + ALLOWED_SKEW_STEPS).find(is_given)
}

/// The newest time step that is accepted now.
pub fn newest_step(now: DateTime<Utc>) -> i64 {
    now.timestamp() / STEP_SECONDS + ALLOWED_SKEW_STEPS
}

/// Builds what an app needs for this secret.
pub fn setup_response(secret: &[u8], username: &str) -> Result<SecondFactorSetup> {
    let secret = BASE32_NOPAD.encode(secret);
    let issuer = ISSUER.replace(' ', "%20");
    let otpauth_url = format!(
        "otpauth://totp/{issuer}:{username}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits={DIGITS}&period={STEP_SECONDS}"
    );
    let qr_svg = qr_code::svg(&otpauth_url)?;
    Ok(SecondFactorSetup { secret, otpauth_url, qr_svg })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"12345678901234567890";

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    /// RFC 6238, appendix B; an app shows the last six digits.
    #[test]
    fn codes_match_the_rfc_test_vectors() {
        for (seconds, expected) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            assert_eq!(code(SECRET, seconds / STEP_SECONDS), expected[2..], "{seconds}");
        }
    }

    #[test]
    fn a_clock_may_be_off_by_one_step_and_no_more() {
        let given = code(SECRET, 100);
        for (step, accepted) in [(98, false), (99, true), (100, true), (101, true), (102, false)] {
            assert_eq!(
                matching_step(SECRET, &given, at(step * STEP_SECONDS)).is_some(),
                accepted,
                "{step}"
            );
        }
        assert_eq!(matching_step(SECRET, "12345", at(100 * STEP_SECONDS)), None);
    }

    #[test]
    fn the_otpauth_url_holds_everything_an_app_needs() {
        let setup = setup_response(SECRET, "siti.rahayu").unwrap();
        assert_eq!(setup.secret, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert!(
            setup
                .otpauth_url
                .starts_with("otpauth://totp/ISP%20Management%20System:siti.rahayu?secret=GEZ")
        );
        assert!(setup.qr_svg.contains("<svg") && setup.qr_svg.ends_with("</svg>"));
    }
}
