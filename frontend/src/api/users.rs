//! User accounts and roles.

use shared::permission::RoleGrants;
use shared::user::{PasswordReset, User, UserApproval, UserCreate, UserQuery, UserUpdate};
use shared::{Page, UserId};

use super::{ApiResult, client};

/// Returns a page of the accounts.
pub async fn list(query: &UserQuery) -> ApiResult<Page<User>> {
    client::query("users", query).await
}

/// Returns how many accounts wait for an approval.
pub async fn count_pending() -> ApiResult<i64> {
    let query = UserQuery {
        pending: Some(true),
        limit: Some(1),
        with_total: Some(true),
        ..Default::default()
    };
    Ok(list(&query).await?.total.unwrap_or_default())
}

/// Returns one account.
pub async fn get(id: UserId) -> ApiResult<User> {
    client::get(&format!("users/{id}")).await
}

/// Creates an account.
pub async fn create(user: &UserCreate) -> ApiResult<User> {
    client::post("users", user).await
}

/// Replaces the data of the version that was read.
pub async fn update(id: UserId, user: &UserUpdate, version: i64) -> ApiResult<User> {
    client::put(&format!("users/{id}"), user, version).await
}

/// Sets a temporary password, to be changed at the next sign-in.
pub async fn reset_password(id: UserId, reset: &PasswordReset, version: i64) -> ApiResult<User> {
    client::post_versioned(&format!("users/{id}/reset-password"), reset, version).await
}

/// Removes the second factor of an account whose owner lost it.
pub async fn reset_second_factor(id: UserId, version: i64) -> ApiResult<User> {
    client::post_empty_versioned(&format!("users/{id}/reset-second-factor"), version).await
}

/// Approves a registered account.
pub async fn approve(id: UserId, approval: &UserApproval, version: i64) -> ApiResult<User> {
    client::post_versioned(&format!("users/{id}/approve"), approval, version).await
}

/// Rejects a registered account.
pub async fn reject(id: UserId, version: i64) -> ApiResult<User> {
    client::post_empty_versioned(&format!("users/{id}/reject"), version).await
}

/// Returns the permissions of each role.
pub async fn roles() -> ApiResult<Page<RoleGrants>> {
    client::get("roles").await
}
