//! User accounts.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::error::ErrorCode;
use crate::ids::{TechnicianId, UserId};
use crate::pagination::CommaList;
use crate::permission::Role;
use crate::validate::{FieldFault, Validator};

/// A user account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct User {
    pub id: UserId,
    pub username: String,
    pub name: String,
    pub role: Role,
    pub active: bool,
    /// Registered and not approved yet.
    pub pending: bool,
    pub technician_id: Option<TechnicianId>,
    pub must_change_password: bool,
    /// Whether a second factor is set up.
    pub second_factor: bool,
    /// Whether a Telegram chat is linked.
    pub telegram_linked: bool,
    pub last_login_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub version: i64,
}

/// `POST /api/users`
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UserCreate {
    pub username: String,
    pub name: String,
    pub role: Role,
    /// Initial password; it must be changed at the first login.
    pub password: String,
}

/// Parses a user name: lower case, 2 to 32 of `a–z 0–9 . - _`.
///
/// # Errors
/// [`ErrorCode::InvalidUsername`]
pub fn parse_username(text: &str) -> Result<String, ErrorCode> {
    let name = text.trim().to_ascii_lowercase();
    let allowed =
        |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | '_');
    if (2..=32).contains(&name.len()) && name.chars().all(allowed) {
        Ok(name)
    } else {
        Err(ErrorCode::InvalidUsername)
    }
}

/// Validated [`UserCreate`] without its password.
#[derive(Debug, Clone)]
pub struct NewUser {
    pub username: String,
    pub name: String,
    pub role: Role,
}

impl UserCreate {
    /// Validates the request; the service checks the password against the policy.
    ///
    /// # Errors
    /// All invalid fields.
    pub fn parse(&self) -> Result<NewUser, Vec<FieldFault>> {
        let mut check = Validator::default();
        let username = check.accept("username", parse_username(&self.username));
        let name = check.name("name", &self.name, 100);
        let user =
            username.zip(name).map(|(username, name)| NewUser { username, name, role: self.role });
        check.finish(user)
    }
}

/// `PUT /api/users/{id}`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UserUpdate {
    pub name: String,
    pub role: Role,
    /// False: login is refused and all sessions end at once.
    pub active: bool,
}

impl UserUpdate {
    /// Validates the request and normalises the name.
    ///
    /// # Errors
    /// All invalid fields.
    pub fn parse(&self) -> Result<UserUpdate, Vec<FieldFault>> {
        let mut check = Validator::default();
        let name = check.name("name", &self.name, 100);
        let change = name.map(|name| UserUpdate { name, ..self.clone() });
        check.finish(change)
    }
}

/// `POST /api/users/{id}/reset-password`
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PasswordReset {
    /// It must be changed at the next login.
    pub password: String,
}

/// `POST /api/users/{id}/approve`
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UserApproval {
    /// `user` when absent.
    #[serde(default)]
    pub role: Option<Role>,
}

crate::text_enum! {
    /// Sort order of the list of user accounts.
    UserSort {
        Username => "username",
        UsernameDescending => "-username",
        Name => "name",
        NameDescending => "-name",
        OldestFirst => "created_at",
        NewestFirst => "-created_at",
    }
}

/// `GET /api/users`
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct UserQuery {
    /// Part of the name or user name.
    pub q: Option<String>,
    /// One or more, separated by commas.
    #[cfg_attr(feature = "openapi", param(value_type = Option<String>))]
    pub role: Option<CommaList<Role>>,
    pub active: Option<bool>,
    pub pending: Option<bool>,
    pub limit: Option<i64>,
    pub cursor: Option<String>,
    pub sort: Option<UserSort>,
    pub with_total: Option<bool>,
}
