//! The own second factor.

use shared::second_factor::{
    RecoveryCodes, SecondFactorConfirm, SecondFactorProof, SecondFactorSetup,
    SecondFactorSetupRequest, SecondFactorStatus,
};

use super::ApiResult;
use super::client;

/// How it stands.
pub async fn status() -> ApiResult<SecondFactorStatus> {
    client::get("auth/second-factor").await
}

/// A new secret for the app on the phone. It demands nothing until it is confirmed.
pub async fn start_setup(request: &SecondFactorSetupRequest) -> ApiResult<SecondFactorSetup> {
    client::post("auth/second-factor/setup", request).await
}

/// Puts it in force by a code that the app shows.
pub async fn confirm(request: &SecondFactorConfirm) -> ApiResult<RecoveryCodes> {
    client::post("auth/second-factor/confirm", request).await
}

/// New recovery codes in place of the old ones.
pub async fn renew_recovery_codes(proof: &SecondFactorProof) -> ApiResult<RecoveryCodes> {
    client::post("auth/second-factor/recovery-codes", proof).await
}

/// Switches it off.
pub async fn disable(proof: &SecondFactorProof) -> ApiResult<()> {
    client::post_no_content("auth/second-factor/disable", proof).await
}
