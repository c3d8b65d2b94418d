//! Bag returns (*pengembalian*): leftover material from a technician's bag to the warehouse.
//!
//! The technician lists the material, the warehouse counts it. Until the count is confirmed the
//! stock stays in the bag.

use super::lines::{Line, parse_lines};
use super::types::ItemUnit;
use crate::ids::{BagReturnId, ItemId, LocationId, TechnicianId};
use crate::validate::{FieldFault, MAX_REASON_CHARS, Validator};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

crate::text_enum! {
    /// Status of a bag return.
    BagReturnStatus {
        /// Not counted by the warehouse yet.
        Requested => "requested",
        /// Counted; the counted quantities were moved from the bag to the warehouse.
        Confirmed => "confirmed",
        /// Rejected by the warehouse.
        Rejected => "rejected",
        /// Withdrawn by the technician.
        Withdrawn => "withdrawn",
    }
}

/// A bag return.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BagReturn {
    pub id: BagReturnId,
    pub technician_id: TechnicianId,
    pub technician_name: String,
    pub status: BagReturnStatus,
    pub lines: Vec<BagReturnLine>,
    /// The warehouse that received the material.
    pub location_id: Option<LocationId>,
    pub location_name: Option<String>,
    /// Why the warehouse rejected it.
    pub reason: Option<String>,
    /// Name of the user.
    pub decided_by: Option<String>,
    pub decided_at: Option<DateTime<Utc>>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
}

/// One item of a bag return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BagReturnLine {
    pub item_id: ItemId,
    pub item_code: String,
    pub item_name: String,
    pub unit: ItemUnit,
    pub serialized: bool,
    /// Quantity listed by the technician, in the item's unit.
    pub quantity: i64,
    pub serial_numbers: Vec<String>,
    /// Quantity counted by the warehouse; null until then.
    pub counted: Option<i64>,
    pub counted_serial_numbers: Vec<String>,
}

impl BagReturnLine {
    /// The requested quantity as the line of a movement.
    pub fn requested_line(&self) -> Line {
        Line {
            item_id: self.item_id,
            quantity: self.quantity,
            serial_numbers: self.serialized.then(|| self.serial_numbers.clone()),
        }
    }
}

/// `GET /api/inventory/bag-returns`, newest first
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct BagReturnQuery {
    pub status: Option<BagReturnStatus>,
    pub technician_id: Option<TechnicianId>,
    pub limit: Option<i64>,
    pub cursor: Option<String>,
    pub with_total: Option<bool>,
}

/// `POST /api/inventory/bag-returns`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct BagReturnCreate {
    /// The caller when absent.
    #[serde(default)]
    pub technician_id: Option<TechnicianId>,
    pub lines: Vec<Line>,
}

impl BagReturnCreate {
    /// Validates the request.
    ///
    /// # Errors
    /// All invalid fields.
    pub fn parse(&self) -> Result<BagReturnCreate, Vec<FieldFault>> {
        let mut check = Validator::default();
        let lines = parse_lines(&mut check, "lines", &self.lines);
        check.finish(lines.map(|lines| BagReturnCreate { lines, ..*self }))
    }
}

/// `POST /api/inventory/bag-returns/{id}/confirm`: the counted quantities.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct BagReturnConfirmation {
    /// The first warehouse when absent.
    #[serde(default)]
    pub location_id: Option<LocationId>,
    /// All requested quantities when absent. Items that are not listed count as zero.
    #[serde(default)]
    pub lines: Option<Vec<Line>>,
}

impl BagReturnConfirmation {
    /// Validates the request.
    ///
    /// # Errors
    /// All invalid fields.
    pub fn parse(&self) -> Result<BagReturnConfirmation, Vec<FieldFault>> {
        let Some(lines) = &self.lines else { return Ok(self.clone()) };
        let mut check = Validator::default();
        let lines = parse_lines(&mut check, "lines", lines);
        check.finish(lines.map(|lines| BagReturnConfirmation { lines: Some(lines), ..*self }))
    }
}

/// `POST /api/inventory/bag-returns/{id}/reject`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct BagReturnRejection {
    /// Shown to the technician.
    pub reason: String,
}

impl BagReturnRejection {
    /// Validates the request and normalises the reason.
    ///
    /// # Errors
    /// The reason is missing or too long.
    pub fn parse(&self) -> Result<String, Vec<FieldFault>> {
        let mut check = Validator::default();
        let reason = check.prose("reason", &self.reason, MAX_REASON_CHARS);
        check.finish(reason)
    }
}
