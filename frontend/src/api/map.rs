//! Options of maps.

use shared::map::MapOptions;

use super::{ApiResult, client};

/// Returns where the tiles come from.
pub async fn options() -> ApiResult<MapOptions> {
    client::get("map").await
}
