//! One-time codes: time-based ones (TOTP) and recovery codes.

mod proof;
mod totp;

pub use proof::{OtpProof, is_recovery_code, verify_once};
pub(crate) use proof::{generate_codes, normalize_codes};
pub(crate) use totp::{new_secret, newest_step, setup_response};
