//! Logins of people.

use serde::{Deserialize, Serialize};
use shared::Page;
use shared::user::{User, UserCreate};

use super::{ApiResult, client};

/// Which page of the logins.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct UserQuery {
    pub limit: Option<i64>,
    pub cursor: Option<String>,
    pub with_total: Option<bool>,
}

/// A page of the logins, by user name.
pub async fn list(query: &UserQuery) -> ApiResult<Page<User>> {
    client::query("users", query).await
}

/// A new login.
pub async fn create(user: &UserCreate) -> ApiResult<User> {
    client::post("users", user).await
}
