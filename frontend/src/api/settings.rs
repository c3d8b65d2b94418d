//! Settings of the organisation.

use shared::settings::Settings;

use super::{ApiResult, client};

/// Returns the settings.
pub async fn get() -> ApiResult<Settings> {
    client::get("settings").await
}

/// Replaces the settings.
pub async fn update(settings: &Settings) -> ApiResult<Settings> {
    client::put("settings", settings, settings.version).await
}
