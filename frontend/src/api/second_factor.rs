//! The second factor of the own account.

use shared::second_factor::{
    RecoveryCodes, SecondFactorConfirm, SecondFactorProof, SecondFactorSetup,
    SecondFactorSetupRequest, SecondFactorStatus,
};

use super::ApiResult;
use super::client;

/// Returns the status.
pub async fn status() -> ApiResult<SecondFactorStatus> {
    client::get("auth/second-factor").await
}

/// Creates a secret for the authenticator app. It takes effect when it is confirmed.
pub async fn start_setup(request: &SecondFactorSetupRequest) -> ApiResult<SecondFactorSetup> {
    client::post("auth/second-factor/setup", request).await
}

/// Confirms the secret by a code of the app.
pub async fn confirm(request: &SecondFactorConfirm) -> ApiResult<RecoveryCodes> {
    client::post("auth/second-factor/confirm", request).await
}

/// Replaces the recovery codes.
pub async fn renew_recovery_codes(proof: &SecondFactorProof) -> ApiResult<RecoveryCodes> {
    client::post("auth/second-factor/recovery-codes", proof).await
}

/// Disables the second factor.
pub async fn disable(proof: &SecondFactorProof) -> ApiResult<()> {
    client::post_no_content("auth/second-factor/disable", proof).await
}
