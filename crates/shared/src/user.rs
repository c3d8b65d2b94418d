//! Logins of people.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::error::ErrorCode;
use crate::ids::{TechnicianId, UserId};
use crate::pagination::CommaList;
use crate::permission::Role;
use crate::validate::{FieldFault, Validator};

/// A login of a person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct User {
    pub id: UserId,
    pub username: String,
    pub name: String,
    pub role: Role,
    pub active: bool,
    /// Somebody registered and nobody has approved it yet.
    pub pending: bool,
    pub technician_id: Option<TechnicianId>,
    pub must_change_password: bool,
    /// A second factor is set up.
    pub second_factor: bool,
    /// A Telegram chat acts in the name of the login.
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
    /// First password; it has to be changed at the first login.
    pub password: String,
}

/// Reads a user name: lower case, 2 to 32 of `a–z 0–9 . - _`.
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

/// The checked form of [`UserCreate`] without its password.
#[derive(Debug, Clone)]
pub struct NewUser {
    pub username: String,
    pub name: String,
    pub role: Role,
}

impl UserCreate {
    /// Reads the request; the password is checked against the policy by the service.
    ///
    /// # Errors
    /// Every wrong field.
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
    /// Without it nobody can sign in; open devices are signed out at once.
    pub active: bool,
}

impl UserUpdate {
    /// Reads the request: the name normalised.
    ///
    /// # Errors
    /// Every wrong field.
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
    /// It has to be changed at the next sign-in.
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
    /// Order of the list of logins.
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
    /// One or more, with commas between them.
    #[cfg_attr(feature = "openapi", param(value_type = Option<String>))]
    pub role: Option<CommaList<Role>>,
    pub active: Option<bool>,
    pub pending: Option<bool>,
    pub limit: Option<i64>,
    pub cursor: Option<String>,
    pub sort: Option<UserSort>,
    pub with_total: Option<bool>,
}
