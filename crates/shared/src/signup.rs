//! How a login comes to be: by registering, and the very first one by the set-up code.

use serde::{Deserialize, Serialize};

use crate::permission::Role;
use crate::session::PasswordPolicy;
use crate::user::{NewUser, UserCreate};
use crate::validate::FieldFault;

/// `GET /api/auth/options`: what the sign-in page has to know before anybody is signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuthOptions {
    /// Anybody may ask for a login.
    pub registration_open: bool,
    /// Nobody can sign in yet: the server has printed a code for `POST /api/auth/setup`.
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
    /// What became of a registration.
    SignupStatus {
        /// An administrator decides.
        PendingApproval => "pending_approval",
    }
}

/// The answer to a registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RegisterResponse {
    pub status: SignupStatus,
}

/// `POST /api/auth/setup`: the first login, a superadmin.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetupRequest {
    /// What the server has printed on its console at the start.
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
    /// Reads the request; the password is checked against the policy by the caller.
    ///
    /// # Errors
    /// Every wrong field.
    pub fn parse(&self) -> Result<NewUser, Vec<FieldFault>> {
        parse(&self.username, &self.name, Role::User)
    }
}

impl SetupRequest {
    /// Reads the request; code and password are checked by the caller.
    ///
    /// # Errors
    /// Every wrong field.
    pub fn parse(&self) -> Result<NewUser, Vec<FieldFault>> {
        parse(&self.username, &self.name, Role::Superadmin)
    }
}
