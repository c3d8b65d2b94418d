//! Changing the own password.

use shared::ErrorCode;
use shared::session::{LoginRequest, PasswordChange};

use super::{live, session};
use crate::api::{self, ApiResult};

/// Changes the password and signs in again, because the change ends every sign-in. Returns whether that worked: an
/// account with a second factor is signed out instead and has to sign in with a code.
///
/// # Errors
/// The refusal of the change, or of the new sign-in.
pub async fn change_password(username: String, change: PasswordChange) -> ApiResult<bool> {
    live::while_disconnected(async move {
        api::auth::change_password(&change).await?;
        let request = LoginRequest { username, password: change.new_password, otp: None };
        match api::auth::login(&request).await {
            Ok(response) => {
                session::begin(response);
                Ok(true)
            }
            Err(error) if error.code() == Some(ErrorCode::SecondFactorRequired) => {
                session::forget_refresh_cookie();
                session::clear();
                Ok(false)
            }
            Err(error) => Err(error),
        }
    })
    .await
}
