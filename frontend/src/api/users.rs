//! Logins of people.

use shared::Page;
use shared::user::{User, UserCreate};

use super::{ApiResult, client};

/// Every login.
pub async fn list() -> ApiResult<Page<User>> {
    client::get("users").await
}

/// A new login.
pub async fn create(user: &UserCreate) -> ApiResult<User> {
    client::post("users", user).await
}
