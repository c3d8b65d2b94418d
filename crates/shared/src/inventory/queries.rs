//! Queries for the lists of the inventory.

use super::types::{LocationKind, MovementKind, UnitState};
use crate::ids::{ItemId, JobId, LocationId, TechnicianId};
use crate::pagination::CommaList;
use serde::{Deserialize, Serialize};

crate::text_enum! {
    /// Sort order of the list of items.
    ItemSort {
        Name => "name",
        NameDescending => "-name",
        Code => "code",
        CodeDescending => "-code",
    }
}

/// `GET /api/inventory`
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct ItemQuery {
    /// Part of the code or name, or the whole serial number of a unit in any spelling.
    pub q: Option<String>,
    pub category: Option<String>,
    /// Only items at or below their minimum stock.
    pub low: Option<bool>,
    pub limit: Option<i64>,
    pub cursor: Option<String>,
    pub sort: Option<ItemSort>,
    pub with_total: Option<bool>,
}

/// `GET /api/inventory/movements`, newest first
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct MovementQuery {
    pub item_id: Option<ItemId>,
    pub location_id: Option<LocationId>,
    pub job_id: Option<JobId>,
    #[cfg_attr(feature = "openapi", param(value_type = Option<String>))]
    pub kind: Option<CommaList<MovementKind>>,
    pub limit: Option<i64>,
    pub cursor: Option<String>,
    pub with_total: Option<bool>,
}

/// `GET /api/inventory/{id}/units`
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct UnitQuery {
    /// Part of the serial number.
    pub q: Option<String>,
    #[cfg_attr(feature = "openapi", param(value_type = Option<String>))]
    pub state: Option<CommaList<UnitState>>,
    pub location_id: Option<LocationId>,
    pub limit: Option<i64>,
    pub cursor: Option<String>,
    pub with_total: Option<bool>,
}

/// `GET /api/locations`, ordered by code
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct LocationQuery {
    #[cfg_attr(feature = "openapi", param(value_type = Option<String>))]
    pub kind: Option<CommaList<LocationKind>>,
    /// The bag of this technician.
    pub technician_id: Option<TechnicianId>,
    pub limit: Option<i64>,
    pub cursor: Option<String>,
    pub with_total: Option<bool>,
}
