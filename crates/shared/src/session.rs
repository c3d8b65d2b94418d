//! Login, sessions and password policy.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::error::ErrorCode;
use crate::ids::{LoginAttemptId, SessionId, TechnicianId, UserId};
use crate::permission::{Permission, Role};
use crate::validate::{FieldFault, Validator};

/// `POST /api/auth/login`
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LoginRequest {
    pub username: String,
    pub password: String,
    /// For user accounts with a second factor: six digits of the app, or a recovery code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub otp: Option<String>,
}

/// Response to a login or a refresh. The refresh token is in a cookie, never here.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LoginResponse {
    pub access_token: String,
    /// Always `Bearer`.
    pub token_type: String,
    /// Seconds until the access token expires.
    pub expires_in: i64,
    pub user: SignedInUser,
}

/// The signed-in user, with the data that the browser needs.
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
    /// The organisation requires a second factor for this role and the user has none yet: until it
    /// is set up, only operations below `/api/auth` are allowed.
    #[serde(default)]
    pub second_factor_setup_required: bool,
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
    /// Opens one WebSocket connection within 30 seconds.
    pub ticket: String,
}

/// One signed-in device: an item of `GET /api/auth/sessions`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuthSession {
    pub id: SessionId,
    pub created_at: DateTime<Utc>,
    /// Time of the last token refresh.
    pub last_used_at: DateTime<Utc>,
    /// Expires then unless it is used before.
    pub expires_at: DateTime<Utc>,
    /// Address at the login.
    pub ip: String,
    /// User agent at the login.
    pub user_agent: String,
    /// The device of this request.
    pub current: bool,
}

crate::text_enum! {
    /// Result of a login attempt.
    LoginOutcome {
        Success => "success",
        WrongPassword => "wrong_password",
        /// The user account is disabled.
        Disabled => "disabled",
        /// The password was right; the second factor was missing.
        SecondFactorMissing => "second_factor_missing",
        /// The password was right; the second factor was wrong or already used.
        SecondFactorWrong => "second_factor_wrong",
        /// Refused without a check: too many failures before.
        Throttled => "throttled",
    }
}

/// One login attempt: an item of `GET /api/auth/logins`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LoginAttempt {
    pub id: LoginAttemptId,
    pub at: DateTime<Utc>,
    pub ip: String,
    pub user_agent: String,
    pub outcome: LoginOutcome,
}

/// Password policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PasswordPolicy {
    /// Minimum length in characters.
    pub min_length: usize,
    /// Requires upper case, lower case and a digit.
    pub complex: bool,
}

/// Maximum length in characters; limits the work that a request can cause.
pub const MAX_PASSWORD_LENGTH: usize = 256;

impl PasswordPolicy {
    /// Checks a new password.
    ///
    /// # Errors
    /// The faults of `field`.
    pub fn check(self, field: &str, password: &str) -> Result<(), Vec<FieldFault>> {
        let mut check = Validator::default();
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
