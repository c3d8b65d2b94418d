//! Requests that move stock, and the ledger entries they create.

use super::lines::{Line, parse_lines, parse_signed_lines};
use super::types::{ItemUnit, MovementKind};
use crate::error::ErrorCode;
use crate::ids::{ItemId, JobId, LocationId, MovementId, TechnicianId};
use crate::validate::{FieldFault, MAX_REASON_CHARS, Validator};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// `POST /api/inventory/receipts`: stock from a supplier.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReceiptRequest {
    /// A warehouse.
    pub location_id: LocationId,
    pub lines: Vec<Line>,
    /// Items whose quantity counts packs of the item's `pack_size`.
    #[serde(default)]
    pub in_packs: Vec<ItemId>,
    #[serde(default)]
    pub supplier: Option<String>,
    #[serde(default)]
    pub invoice_number: Option<String>,
}

impl ReceiptRequest {
    /// Validates the request.
    ///
    /// # Errors
    /// All invalid fields.
    pub fn parse(&self) -> Result<ReceiptRequest, Vec<FieldFault>> {
        let mut check = Validator::default();
        let supplier = check.optional_name("supplier", self.supplier.as_deref(), 120);
        let invoice_number =
            check.optional_name("invoice_number", self.invoice_number.as_deref(), 60);
        let lines = parse_lines(&mut check, "lines", &self.lines);
        let in_packs = self.in_packs.clone();
        for (index, id) in in_packs.iter().enumerate() {
            if self.lines.iter().all(|line| line.item_id != *id) {
                check.fail::<()>(&format!("in_packs[{index}]"), ErrorCode::UnknownReference);
            }
        }
        check.finish(lines.map(|lines| ReceiptRequest {
            location_id: self.location_id,
            lines,
            in_packs,
            supplier,
            invoice_number,
        }))
    }
}

/// `POST /api/inventory/issues`: from a warehouse to a technician's bag.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct IssueRequest {
    pub technician_id: TechnicianId,
    /// The first warehouse when absent.
    #[serde(default)]
    pub location_id: Option<LocationId>,
    #[serde(default)]
    pub job_id: Option<JobId>,
    pub lines: Vec<Line>,
}

impl IssueRequest {
    /// Validates the request.
    ///
    /// # Errors
    /// All invalid fields.
    pub fn parse(&self) -> Result<IssueRequest, Vec<FieldFault>> {
        let mut check = Validator::default();
        let lines = parse_lines(&mut check, "lines", &self.lines);
        check.finish(lines.map(|lines| IssueRequest { lines, ..*self }))
    }
}

/// `POST /api/inventory/usage`: from a technician's bag to the job's customer.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UsageRequest {
    pub job_id: JobId,
    /// The caller, or the job's lead, when absent.
    #[serde(default)]
    pub technician_id: Option<TechnicianId>,
    pub lines: Vec<Line>,
}

impl UsageRequest {
    /// Validates the request.
    ///
    /// # Errors
    /// All invalid fields.
    pub fn parse(&self) -> Result<UsageRequest, Vec<FieldFault>> {
        let mut check = Validator::default();
        let lines = parse_lines(&mut check, "lines", &self.lines);
        check.finish(lines.map(|lines| UsageRequest { lines, ..*self }))
    }
}

/// `POST /api/inventory/returns`: from a technician's bag to a warehouse.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReturnRequest {
    pub technician_id: TechnicianId,
    /// The first warehouse when absent.
    #[serde(default)]
    pub location_id: Option<LocationId>,
    pub lines: Vec<Line>,
}

impl ReturnRequest {
    /// Validates the request.
    ///
    /// # Errors
    /// All invalid fields.
    pub fn parse(&self) -> Result<ReturnRequest, Vec<FieldFault>> {
        let mut check = Validator::default();
        let lines = parse_lines(&mut check, "lines", &self.lines);
        check.finish(lines.map(|lines| ReturnRequest { lines, ..*self }))
    }
}

/// `POST /api/inventory/transfers`: between two locations of the organisation.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TransferRequest {
    pub from_location_id: LocationId,
    pub to_location_id: LocationId,
    pub lines: Vec<Line>,
}

impl TransferRequest {
    /// Validates the request.
    ///
    /// # Errors
    /// All invalid fields.
    pub fn parse(&self) -> Result<TransferRequest, Vec<FieldFault>> {
        let mut check = Validator::default();
        let lines = parse_lines(&mut check, "lines", &self.lines);
        check.finish(lines.map(|lines| TransferRequest { lines, ..*self }))
    }
}

/// `POST /api/inventory/adjustments`: corrections after a stock count; quantities have a sign.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AdjustmentRequest {
    pub location_id: LocationId,
    pub reason: String,
    pub lines: Vec<Line>,
}

impl AdjustmentRequest {
    /// Validates the request.
    ///
    /// # Errors
    /// All invalid fields.
    pub fn parse(&self) -> Result<AdjustmentRequest, Vec<FieldFault>> {
        let mut check = Validator::default();
        let reason = check.prose("reason", &self.reason, MAX_REASON_CHARS);
        let lines = parse_signed_lines(&mut check, "lines", &self.lines);
        let request = reason.zip(lines);
        check.finish(request.map(|(reason, lines)| AdjustmentRequest { reason, lines, ..*self }))
    }
}

/// `POST /api/inventory/movements/{id}/reversal`: books the opposite of a movement.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReversalRequest {
    pub reason: String,
}

impl ReversalRequest {
    /// Validates the request.
    ///
    /// # Errors
    /// All invalid fields.
    pub fn parse(&self) -> Result<ReversalRequest, Vec<FieldFault>> {
        let mut check = Validator::default();
        let reason = check.prose("reason", &self.reason, MAX_REASON_CHARS);
        check.finish(reason.map(|reason| ReversalRequest { reason }))
    }
}

/// One ledger entry. Entries are never changed or deleted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Movement {
    pub id: MovementId,
    pub kind: MovementKind,
    pub item_id: ItemId,
    pub item_code: String,
    pub item_name: String,
    pub unit: ItemUnit,
    /// Always positive; it decreases one location and increases the other.
    pub quantity: i64,
    pub from_location_id: LocationId,
    pub from_location_name: String,
    pub to_location_id: LocationId,
    pub to_location_name: String,
    pub job_id: Option<JobId>,
    pub job_number: Option<String>,
    pub serial_numbers: Vec<String>,
    pub reason: Option<String>,
    /// Reversed by a later movement.
    pub reversed: bool,
    /// Name of the user.
    pub created_by: String,
    pub created_at: DateTime<Utc>,
}

/// Response to every movement request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MovementsResponse {
    pub movements: Vec<Movement>,
}
