//! The dashboard.

use shared::dashboard::Dashboard;

use super::{ApiResult, client};

/// What needs attention now.
pub async fn get() -> ApiResult<Dashboard> {
    client::get("dashboard").await
}
