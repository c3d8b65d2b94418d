//! Signing in and out, and what belongs to the own login.

use shared::account::{AuthOptions, RegisterRequest, RegisterResponse, SetupRequest};
use shared::auth::{
    AuthSession, LoginAttempt, LoginRequest, LoginResponse, PasswordChange, ProfileUpdate,
    SignedInUser, TicketResponse,
};
use shared::{Page, SessionId};

use super::ApiResult;
use super::client;
use super::page_query::PageQuery;

/// What the pages before the application have to know.
pub async fn options() -> ApiResult<AuthOptions> {
    client::get("auth/options").await
}

/// Signs in; the refresh token comes as a cookie.
pub async fn login(request: &LoginRequest) -> ApiResult<LoginResponse> {
    client::post("auth/login", request).await
}

/// Asks for a login.
pub async fn register(request: &RegisterRequest) -> ApiResult<RegisterResponse> {
    client::post("auth/register", request).await
}

/// Makes the first login and signs in with it.
pub async fn initial_setup(request: &SetupRequest) -> ApiResult<LoginResponse> {
    client::post("auth/setup", request).await
}

/// Ends the sign-in of this browser.
pub async fn logout() -> ApiResult<()> {
    client::post_empty("auth/logout").await.map(drop)
}

/// Changes the own password. Every sign-in of the account ends.
pub async fn change_password(change: &PasswordChange) -> ApiResult<()> {
    client::put_unversioned("auth/password", change).await.map(drop)
}

/// Changes the own name.
pub async fn update_profile(update: &ProfileUpdate) -> ApiResult<SignedInUser> {
    client::decode(&client::put_unversioned("auth/profile", update).await?)
}

/// The devices that the own login is signed in on, last used first.
pub async fn sessions() -> ApiResult<Page<AuthSession>> {
    client::get("auth/sessions").await
}

/// Signs one of the own devices out.
pub async fn end_session(id: SessionId) -> ApiResult<()> {
    client::delete(&format!("auth/sessions/{id}")).await
}

/// Signs every other of the own devices out.
pub async fn end_other_sessions() -> ApiResult<()> {
    client::delete("auth/sessions").await
}

/// Attempts to sign in to the own login, newest first.
pub async fn login_history(query: &PageQuery) -> ApiResult<Page<LoginAttempt>> {
    client::query("auth/logins", query).await
}

/// A ticket that opens one live connection.
pub async fn live_ticket() -> ApiResult<TicketResponse> {
    client::decode(&client::post_empty("ws/ticket").await?)
}
