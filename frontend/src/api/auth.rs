//! Authentication and the own account.

use shared::session::{
    AuthSession, LoginAttempt, LoginRequest, LoginResponse, PasswordChange, ProfileUpdate,
    SignedInUser, TicketResponse,
};
use shared::signup::{AuthOptions, RegisterRequest, RegisterResponse, SetupRequest};
use shared::{Page, SessionId};

use super::ApiResult;
use super::client;
use super::page_query::PageQuery;

/// Returns the options that the pages before the sign-in need.
pub async fn options() -> ApiResult<AuthOptions> {
    client::get("auth/options").await
}

/// Signs in; the refresh token comes as a cookie.
pub async fn login(request: &LoginRequest) -> ApiResult<LoginResponse> {
    client::post("auth/login", request).await
}

/// Requests an account.
pub async fn register(request: &RegisterRequest) -> ApiResult<RegisterResponse> {
    client::post("auth/register", request).await
}

/// Creates the first account of an installation and signs in with it.
pub async fn initial_setup(request: &SetupRequest) -> ApiResult<LoginResponse> {
    client::post("auth/setup", request).await
}

/// Ends the session of this browser.
pub async fn logout() -> ApiResult<()> {
    client::post_empty("auth/logout").await.map(drop)
}

/// Changes the own password. Every session of the account ends.
pub async fn change_password(change: &PasswordChange) -> ApiResult<()> {
    client::put_unversioned("auth/password", change).await.map(drop)
}

/// Changes the own name.
pub async fn update_profile(update: &ProfileUpdate) -> ApiResult<SignedInUser> {
    client::decode(&client::put_unversioned("auth/profile", update).await?)
}

/// Returns the own sessions, last used first.
pub async fn sessions() -> ApiResult<Page<AuthSession>> {
    client::get("auth/sessions").await
}

/// Ends one of the own sessions.
pub async fn end_session(id: SessionId) -> ApiResult<()> {
    client::delete(&format!("auth/sessions/{id}")).await
}

/// Ends every other of the own sessions.
pub async fn end_other_sessions() -> ApiResult<()> {
    client::delete("auth/sessions").await
}

/// Returns the sign-in attempts of the own account, newest first.
pub async fn login_history(query: &PageQuery) -> ApiResult<Page<LoginAttempt>> {
    client::query("auth/logins", query).await
}

/// Returns a ticket that opens one WebSocket connection.
pub async fn live_ticket() -> ApiResult<TicketResponse> {
    client::decode(&client::post_empty("ws/ticket").await?)
}
