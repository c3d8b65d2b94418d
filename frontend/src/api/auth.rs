//! Signing in and out.

use shared::auth::{
    LoginRequest, LoginResponse, PasswordChange, ProfileUpdate, SignedInUser, TicketResponse,
};

use super::ApiResult;
use super::client;

/// Signs in; the refresh token comes as a cookie.
pub async fn login(request: &LoginRequest) -> ApiResult<LoginResponse> {
    client::post("auth/login", request).await
}

/// Ends the sign-in of this browser.
pub async fn logout() -> ApiResult<()> {
    client::post_bare("auth/logout").await.map(drop)
}

/// Changes the own password. Every sign-in of before ends by that, so it signs in anew; hand the
/// answer to `session::accept`.
pub async fn change_password(username: String, change: PasswordChange) -> ApiResult<LoginResponse> {
    client::put_plain("auth/password", &change).await?;
    login(&LoginRequest { username, password: change.new_password, otp: None }).await
}

/// Changes the own name.
pub async fn update_profile(update: &ProfileUpdate) -> ApiResult<SignedInUser> {
    client::decode(&client::put_plain("auth/profile", update).await?)
}

/// A ticket that opens one live connection.
pub async fn live_ticket() -> ApiResult<TicketResponse> {
    client::decode(&client::post_bare("ws/ticket").await?)
}
