//! Keys with which programs call.

use shared::api_key::{ApiKey, ApiKeyCreate, ApiKeyCreated, ApiKeyQuery};
use shared::{ApiKeyId, Page};

use super::{ApiResult, client};

/// A page of the keys, newest first.
pub async fn list(query: &ApiKeyQuery) -> ApiResult<Page<ApiKey>> {
    client::query("api-keys", query).await
}

/// A new key. Only this answer holds it.
pub async fn create(key: &ApiKeyCreate) -> ApiResult<ApiKeyCreated> {
    client::post("api-keys", key).await
}

/// Ends a key at once.
pub async fn revoke(id: ApiKeyId) -> ApiResult<()> {
    client::delete(&format!("api-keys/{id}")).await
}
