//! Maps of the browser application.

use serde::{Deserialize, Serialize};

/// What maps show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MapOptions {
    /// Address of the tiles with `{z}`, `{x}` and `{y}` for zoom, column and row; null for maps without tiles.
    pub tile_url: Option<String>,
}
