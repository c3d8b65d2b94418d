//! Dashboard.

use shared::dashboard::Dashboard;

use super::{ApiResult, client};

/// Returns the counters and the jobs that need attention.
pub async fn get() -> ApiResult<Dashboard> {
    client::get("dashboard").await
}
