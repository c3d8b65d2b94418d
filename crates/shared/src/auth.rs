//! Signing in.

use serde::{Deserialize, Serialize};

use crate::error::ErrorCode;
use crate::ids::{TechnicianId, UserId};
use crate::permission::{Permission, Role};
use crate::validate::{Checker, FieldFault};

/// `POST /api/auth/login`
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LoginRequest {
    pub username: String,
    pub password: String,
}

/// The answer to a login or a refresh. The refresh token travels in a cookie, never here.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LoginResponse {
    pub access_token: String,
    /// Always `Bearer`.
    pub token_type: String,
    /// Seconds until the access token ends.
    pub expires_in: i64,
    pub user: SignedInUser,
}

/// Who is signed in, as the SPA needs it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignedInUser {
    pub id: UserId,
    pub username: String,
    pub name: String,
    pub role: Role,
    pub permissions: Vec<Permission>,
    pub technician_id: Option<TechnicianId>,
    pub must_change_password: bool,
}

/// `PUT /api/auth/password`
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    pub current_password: String,
    pub new_password: String,
}

/// `PUT /api/auth/profile`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ProfileUpdate {
    pub name: String,
}

/// `POST /api/ws/ticket`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TicketResponse {
    /// Opens one WebSocket within the next 30 seconds.
    pub ticket: String,
}

/// What a password has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PasswordPolicy {
    /// Fewest characters.
    pub min_length: usize,
    /// Upper case, lower case and a digit are demanded.
    pub complex: bool,
}

/// Longest password in characters: a limit on the work that a request can cause.
pub const MAX_PASSWORD_LENGTH: usize = 256;

impl PasswordPolicy {
    /// Checks a new password.
    ///
    /// # Errors
    /// The faults of `field`.
    pub fn check(self, field: &str, password: &str) -> Result<(), Vec<FieldFault>> {
        let mut check = Checker::default();
        let length = password.chars().count();
        let has = |test: fn(char) -> bool| password.chars().any(test);
        if length < self.min_length {
            check.fail_with::<()>(field, ErrorCode::TooShort, self.min_length);
        } else if length > MAX_PASSWORD_LENGTH {
            check.fail_with::<()>(field, ErrorCode::TooLong, MAX_PASSWORD_LENGTH);
        } else if self.complex
            && !(has(char::is_uppercase) && has(char::is_lowercase) && has(char::is_numeric))
        {
            check.fail::<()>(field, ErrorCode::WeakPassword);
        }
        check.finish(Some(()))
    }
}
