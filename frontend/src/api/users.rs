//! Logins of people.

use shared::Page;
use shared::user::{User, UserCreate};

use super::page::PageQuery;
use super::{ApiResult, client};

/// A page of the logins, by user name.
pub async fn list(query: &PageQuery) -> ApiResult<Page<User>> {
    client::query("users", query).await
}

/// A new login.
pub async fn create(user: &UserCreate) -> ApiResult<User> {
    client::post("users", user).await
}
