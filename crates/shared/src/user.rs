//! Logins of people.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::error::ErrorCode;
use crate::ids::{TechnicianId, UserId};
use crate::permission::Role;
use crate::validate::{Checker, FieldFault};

/// A login of a person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct User {
    pub id: UserId,
    pub username: String,
    pub name: String,
    pub role: Role,
    pub active: bool,
    pub technician_id: Option<TechnicianId>,
    pub must_change_password: bool,
    /// A second factor is set up.
    pub second_factor: bool,
    pub last_login_at: Option<DateTime<Utc>>,
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

/// Reads a user name: lower case, 3 to 32 of `a–z 0–9 . - _`.
///
/// # Errors
/// [`ErrorCode::InvalidUsername`]
pub fn parse_username(text: &str) -> Result<String, ErrorCode> {
    let name = text.trim().to_ascii_lowercase();
    let allowed =
        |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | '_');
    if (3..=32).contains(&name.len()) && name.chars().all(allowed) {
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
        let mut check = Checker::default();
        let username = check.take("username", parse_username(&self.username));
        let name = check.text("name", &self.name, 100);
        let user =
            username.zip(name).map(|(username, name)| NewUser { username, name, role: self.role });
        check.finish(user)
    }
}
