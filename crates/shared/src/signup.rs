//! Self-registration and initial set-up.

use serde::{Deserialize, Serialize};

use crate::permission::Role;
use crate::session::PasswordPolicy;
use crate::user::{NewUser, UserCreate};
use crate::validate::FieldFault;

/// `GET /api/auth/options`: what the login page needs before a login.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuthOptions {
    /// Whether anybody may register a user account.
    pub registration_open: bool,
    /// No user account exists yet: the server has printed a code for `POST /api/auth/setup`.
    pub setup_required: bool,
    pub password_policy: PasswordPolicy,
}

/// `POST /api/auth/register`
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RegisterRequest {
    pub username: String,
    pub name: String,
    pub password: String,
}

crate::text_enum! {
    /// Result of a registration.
    SignupStatus {
        /// Waits for the decision of an administrator.
        PendingApproval => "pending_approval",
    }
}

/// Response to a registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RegisterResponse {
    pub status: SignupStatus,
}

/// `POST /api/auth/setup`: creates the first user account, a superadmin.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetupRequest {
    /// The code that the server printed on its console at start.
    pub code: String,
    pub username: String,
    pub name: String,
    pub password: String,
}

fn parse(username: &str, name: &str, role: Role) -> Result<NewUser, Vec<FieldFault>> {
    let (username, name) = (username.to_owned(), name.to_owned());
    UserCreate { username, name, role, password: String::new() }.parse()
}

impl RegisterRequest {
    /// Validates the request; the caller checks the password against the policy.
    ///
    /// # Errors
    /// All invalid fields.
    pub fn parse(&self) -> Result<NewUser, Vec<FieldFault>> {
        parse(&self.username, &self.name, Role::User)
    }
}

impl SetupRequest {
    /// Validates the request; the caller checks code and password.
    ///
    /// # Errors
    /// All invalid fields.
    pub fn parse(&self) -> Result<NewUser, Vec<FieldFault>> {
        parse(&self.username, &self.name, Role::Superadmin)
    }
}
