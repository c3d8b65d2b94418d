//! API keys.

use shared::api_key::{ApiKey, ApiKeyCreate, ApiKeyCreated, ApiKeyQuery};
use shared::{ApiKeyId, Page};

use super::{ApiResult, client};

/// Returns a page of the keys, newest first.
pub async fn list(query: &ApiKeyQuery) -> ApiResult<Page<ApiKey>> {
    client::query("api-keys", query).await
}

/// Creates a key. Only this response contains it.
pub async fn create(key: &ApiKeyCreate) -> ApiResult<ApiKeyCreated> {
    client::post("api-keys", key).await
}

/// Revokes a key at once.
pub async fn revoke(id: ApiKeyId) -> ApiResult<()> {
    client::delete(&format!("api-keys/{id}")).await
}
