//! Leftovers on their way from a bag to the warehouse (*pengembalian*).
//!
//! The technician says what comes back, the warehouse counts it. The goods stay in the bag until
//! then.

use super::lines::{Line, parse_lines};
use super::types::ItemUnit;
use crate::ids::{BagReturnId, ItemId, LocationId, TechnicianId};
use crate::validate::{FieldFault, MAX_REASON_CHARS, Validator};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

crate::text_enum! {
    /// Where a return stands.
    BagReturnStatus {
        /// The warehouse has not counted yet.
        Requested => "requested",
        /// Counted: what was there has left the bag.
        Confirmed => "confirmed",
        /// The warehouse did not take it.
        Rejected => "rejected",
        /// The technician thought better of it.
        Withdrawn => "withdrawn",
    }
}

/// A return.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BagReturn {
    pub id: BagReturnId,
    pub technician_id: TechnicianId,
    pub technician_name: String,
    pub status: BagReturnStatus,
    pub lines: Vec<BagReturnLine>,
    /// The warehouse that took the goods in.
    pub location_id: Option<LocationId>,
    pub location_name: Option<String>,
    /// Why the warehouse turned it down.
    pub reason: Option<String>,
    /// Name of the person.
    pub decided_by: Option<String>,
    pub decided_at: Option<DateTime<Utc>>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
}

/// One item of a return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BagReturnLine {
    pub item_id: ItemId,
    pub item_code: String,
    pub item_name: String,
    pub unit: ItemUnit,
    pub serialized: bool,
    /// What the technician has named, in the item's unit.
    pub quantity: i64,
    pub serial_numbers: Vec<String>,
    /// What the warehouse has counted; null until then.
    pub counted: Option<i64>,
    pub counted_serial_numbers: Vec<String>,
}

impl BagReturnLine {
    /// The line as a movement's request has it: everything that the technician has named.
    pub fn requested_line(&self) -> Line {
        Line {
            item_id: self.item_id,
            quantity: self.quantity,
            serial_numbers: self.serialized.then(|| self.serial_numbers.clone()),
        }
    }
}

/// `GET /api/inventory/bag-returns`: newest first.
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

/// `POST /api/inventory/bag-returns`: what comes back.
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
    /// Reads the request.
    ///
    /// # Errors
    /// Every wrong field.
    pub fn parse(&self) -> Result<BagReturnCreate, Vec<FieldFault>> {
        let mut check = Validator::default();
        let lines = parse_lines(&mut check, "lines", &self.lines);
        check.finish(lines.map(|lines| BagReturnCreate { lines, ..*self }))
    }
}

/// `POST /api/inventory/bag-returns/{id}/confirm`: what the warehouse has counted.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct BagReturnConfirmation {
    /// The first warehouse when absent.
    #[serde(default)]
    pub location_id: Option<LocationId>,
    /// Everything that the technician has named when absent. Items that are not in it were not
    /// there.
    #[serde(default)]
    pub lines: Option<Vec<Line>>,
}

impl BagReturnConfirmation {
    /// Reads the request.
    ///
    /// # Errors
    /// Every wrong field.
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
    /// The technician reads it.
    pub reason: String,
}

impl BagReturnRejection {
    /// Reads the request: the reason normalised.
    ///
    /// # Errors
    /// No reason, or a too long one.
    pub fn parse(&self) -> Result<String, Vec<FieldFault>> {
        let mut check = Validator::default();
        let reason = check.prose("reason", &self.reason, MAX_REASON_CHARS);
        check.finish(reason)
    }
}
