//! The warehouse: items, locations and the ledger of movements.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::error::ErrorCode;
use crate::ids::{ItemId, JobId, LocationId, MovementId, TechnicianId, UnitId};
use crate::money::Rupiah;
use crate::page::CommaList;
use crate::plan::parse_code;
use crate::validate::{Checker, FieldFault};

crate::text_enum! {
    /// What quantities of an item count.
    ItemUnit {
        Pieces => "pcs",
        Metre => "metre",
    }
}

crate::text_enum! {
    /// What a location is. Only warehouses and bags hold stock that can be used.
    LocationKind {
        Warehouse => "warehouse",
        /// A technician's bag.
        Technician => "technician",
        /// Where goods come from; its balance is negative.
        Supplier => "supplier",
        /// What is built in at customers.
        Customer => "customer",
        Damaged => "damaged",
        Lost => "lost",
        /// The other side of a stock-taking correction; its balance may be negative.
        Adjustment => "adjustment",
    }
}

impl LocationKind {
    /// Suppliers and corrections are the outside world: only they may fall below zero.
    pub const fn may_be_negative(self) -> bool {
        matches!(self, LocationKind::Supplier | LocationKind::Adjustment)
    }
}

crate::text_enum! {
    /// Why goods moved.
    MovementKind {
        Receipt => "receipt",
        Issue => "issue",
        Usage => "usage",
        Return => "return",
        Transfer => "transfer",
        Adjustment => "adjustment",
        Reversal => "reversal",
    }
}

crate::text_enum! {
    /// Where a serialised unit is in its life.
    UnitState {
        InStock => "in_stock",
        WithTechnician => "with_technician",
        Installed => "installed",
        /// Back in a warehouse from a customer, or sent back to the supplier.
        Returned => "returned",
        Damaged => "damaged",
        Lost => "lost",
    }
}

/// A kind of material or tool.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Item {
    pub id: ItemId,
    /// Unique, for instance `DW-1C`.
    pub code: String,
    pub name: String,
    pub category: String,
    pub unit: ItemUnit,
    /// Each piece has a serial number of its own.
    pub serialized: bool,
    /// At this quantity in warehouses, or below, the item is low.
    pub min_stock: i64,
    /// Purchase price per unit.
    pub price: Rupiah,
    /// In all warehouses together.
    pub on_hand: i64,
    pub version: i64,
}

/// `POST /api/inventory`, `PUT /api/inventory/{id}`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ItemInput {
    pub code: String,
    pub name: String,
    pub category: String,
    pub unit: ItemUnit,
    #[serde(default)]
    pub serialized: bool,
    #[serde(default)]
    pub min_stock: i64,
    #[serde(default)]
    pub price: Rupiah,
}

/// Largest quantity of one line: a limit that keeps sums far from overflow.
pub const MAX_QUANTITY: i64 = 1_000_000_000;

impl ItemInput {
    /// Reads the request: code, name and category normalised.
    ///
    /// # Errors
    /// Every wrong field.
    pub fn parse(self) -> Result<ItemInput, Vec<FieldFault>> {
        let mut check = Checker::default();
        let code = check.take("code", parse_code(&self.code));
        let name = check.text("name", &self.name, 120);
        let category = check.text("category", &self.category, 60).map(|c| c.to_lowercase());
        check.range("min_stock", self.min_stock, 0, MAX_QUANTITY);
        check.range("price", self.price.0, 0, 1_000_000_000_000);
        if self.serialized && self.unit != ItemUnit::Pieces {
            check.fail::<()>("unit", ErrorCode::SerialsNotAllowed);
        }
        let item = code.zip(name).zip(category).map(|((code, name), category)| ItemInput {
            code,
            name,
            category,
            ..self
        });
        check.finish(item)
    }
}

/// A place where goods are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Location {
    pub id: LocationId,
    pub code: String,
    pub name: String,
    pub kind: LocationKind,
    /// Whose bag it is.
    pub technician_id: Option<TechnicianId>,
}

/// `POST /api/locations`: a further warehouse. The other kinds come with the system.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LocationInput {
    pub code: String,
    pub name: String,
}

impl LocationInput {
    /// Reads the request.
    ///
    /// # Errors
    /// Every wrong field.
    pub fn parse(self) -> Result<LocationInput, Vec<FieldFault>> {
        let mut check = Checker::default();
        let code = check.take("code", parse_code(&self.code));
        let name = check.text("name", &self.name, 100);
        let input = code.zip(name).map(|(code, name)| LocationInput { code, name });
        check.finish(input)
    }
}

/// One item of a movement. The quantity is positive, except in adjustments where its sign counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Line {
    pub item_id: ItemId,
    pub quantity: i64,
    /// One per unit, for serialised items only.
    #[serde(default)]
    pub serial_numbers: Option<Vec<String>>,
}

/// Most lines of one request.
pub const MAX_LINES: usize = 200;

/// Reads the lines of a movement whose quantities have to be positive.
pub fn parse_lines(check: &mut Checker, field: &str, lines: &[Line]) -> Option<Vec<Line>> {
    parse(check, field, lines, false)
}

/// Reads the lines of an adjustment: quantities have a sign but are never zero.
pub fn parse_signed_lines(check: &mut Checker, field: &str, lines: &[Line]) -> Option<Vec<Line>> {
    parse(check, field, lines, true)
}

fn parse(check: &mut Checker, field: &str, lines: &[Line], signed: bool) -> Option<Vec<Line>> {
    if lines.is_empty() {
        return check.fail(field, ErrorCode::Required);
    }
    if lines.len() > MAX_LINES {
        return check.fail_with(field, ErrorCode::TooMany, MAX_LINES);
    }
    let parsed = lines.iter().enumerate().map(|(index, line)| {
        let path = format!("{field}[{index}]");
        if lines[..index].iter().any(|earlier| earlier.item_id == line.item_id) {
            check.fail::<()>(&format!("{path}.item_id"), ErrorCode::Taken);
        }
        parse_line(check, &path, line, signed)
    });
    parsed.collect::<Vec<_>>().into_iter().collect()
}

fn parse_line(check: &mut Checker, path: &str, line: &Line, signed: bool) -> Option<Line> {
    let quantity_field = format!("{path}.quantity");
    if line.quantity == 0 || (line.quantity < 0 && !signed) {
        return check.fail(&quantity_field, ErrorCode::NotPositive);
    }
    check.range(&quantity_field, line.quantity, -MAX_QUANTITY, MAX_QUANTITY)?;
    let serial_numbers = line.serial_numbers.as_deref().filter(|serials| !serials.is_empty());
    let serial_numbers = match serial_numbers {
        None => None,
        Some(serials) => {
            let field = format!("{path}.serial_numbers");
            if serials.len() as u64 != line.quantity.unsigned_abs() {
                return check.fail_with(&field, ErrorCode::SerialsRequired, line.quantity.abs());
            }
            let mut clean: Vec<String> = Vec::with_capacity(serials.len());
            for (index, serial) in serials.iter().enumerate() {
                let serial_field = format!("{field}[{index}]");
                let serial = check.text(&serial_field, serial, 60)?.to_uppercase();
                if clean.contains(&serial) {
                    return check.fail(&serial_field, ErrorCode::Taken);
                }
                clean.push(serial);
            }
            Some(clean)
        }
    };
    Some(Line { item_id: line.item_id, quantity: line.quantity, serial_numbers })
}

/// `POST /api/inventory/receipts`: goods arrive from a supplier.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReceiptRequest {
    /// A warehouse.
    pub location_id: LocationId,
    pub lines: Vec<Line>,
    #[serde(default)]
    pub supplier: Option<String>,
    #[serde(default)]
    pub invoice_number: Option<String>,
}

impl ReceiptRequest {
    /// Reads the request.
    ///
    /// # Errors
    /// Every wrong field.
    pub fn parse(&self) -> Result<ReceiptRequest, Vec<FieldFault>> {
        let mut check = Checker::default();
        let supplier = check.optional_text("supplier", self.supplier.as_deref(), 120);
        let invoice_number =
            check.optional_text("invoice_number", self.invoice_number.as_deref(), 60);
        let lines = parse_lines(&mut check, "lines", &self.lines);
        check.finish(lines.map(|lines| ReceiptRequest { lines, supplier, invoice_number, ..*self }))
    }
}

/// `POST /api/inventory/issues`: from a warehouse into a technician's bag.
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
    /// Reads the request.
    ///
    /// # Errors
    /// Every wrong field.
    pub fn parse(&self) -> Result<IssueRequest, Vec<FieldFault>> {
        let mut check = Checker::default();
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
    /// Reads the request.
    ///
    /// # Errors
    /// Every wrong field.
    pub fn parse(&self) -> Result<UsageRequest, Vec<FieldFault>> {
        let mut check = Checker::default();
        let lines = parse_lines(&mut check, "lines", &self.lines);
        check.finish(lines.map(|lines| UsageRequest { lines, ..*self }))
    }
}

/// `POST /api/inventory/returns`: from a technician's bag into a warehouse.
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
    /// Reads the request.
    ///
    /// # Errors
    /// Every wrong field.
    pub fn parse(&self) -> Result<ReturnRequest, Vec<FieldFault>> {
        let mut check = Checker::default();
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
    /// Reads the request.
    ///
    /// # Errors
    /// Every wrong field.
    pub fn parse(&self) -> Result<TransferRequest, Vec<FieldFault>> {
        let mut check = Checker::default();
        let lines = parse_lines(&mut check, "lines", &self.lines);
        check.finish(lines.map(|lines| TransferRequest { lines, ..*self }))
    }
}

/// `POST /api/inventory/adjustments`: stock-taking; quantities have a sign.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AdjustmentRequest {
    pub location_id: LocationId,
    pub reason: String,
    pub lines: Vec<Line>,
}

impl AdjustmentRequest {
    /// Reads the request.
    ///
    /// # Errors
    /// Every wrong field.
    pub fn parse(&self) -> Result<AdjustmentRequest, Vec<FieldFault>> {
        let mut check = Checker::default();
        let reason = check.text("reason", &self.reason, 300);
        let lines = parse_signed_lines(&mut check, "lines", &self.lines);
        let request = reason.zip(lines);
        check.finish(request.map(|(reason, lines)| AdjustmentRequest { reason, lines, ..*self }))
    }
}

/// `POST /api/inventory/movements/{id}/reversal`: the opposite movement of a mistaken one.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReversalRequest {
    pub reason: String,
}

impl ReversalRequest {
    /// Reads the request.
    ///
    /// # Errors
    /// Every wrong field.
    pub fn parse(&self) -> Result<ReversalRequest, Vec<FieldFault>> {
        let mut check = Checker::default();
        let reason = check.text("reason", &self.reason, 300);
        check.finish(reason.map(|reason| ReversalRequest { reason }))
    }
}

/// One entry of the ledger. Entries are never changed or removed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Movement {
    pub id: MovementId,
    pub kind: MovementKind,
    pub item_id: ItemId,
    pub item_code: String,
    pub item_name: String,
    pub unit: ItemUnit,
    /// Always positive: it left one location and reached the other.
    pub quantity: i64,
    pub from_location_id: LocationId,
    pub from_location_name: String,
    pub to_location_id: LocationId,
    pub to_location_name: String,
    pub job_id: Option<JobId>,
    pub job_number: Option<String>,
    pub serial_numbers: Vec<String>,
    pub reason: Option<String>,
    /// Name of the person.
    pub created_by: String,
    pub created_at: DateTime<Utc>,
}

/// The answer to every movement request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MovementsResponse {
    pub movements: Vec<Movement>,
}

/// A serialised unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Unit {
    pub id: UnitId,
    pub item_id: ItemId,
    pub serial_number: String,
    pub state: UnitState,
    pub location_id: LocationId,
    pub location_name: String,
}

/// How much of an item lies at one location.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Balance {
    pub location_id: LocationId,
    pub location_name: String,
    pub location_kind: LocationKind,
    pub quantity: i64,
}

/// `GET /api/locations/{id}/stock`: how much of each item lies there, in the order of the item ids.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Stock {
    pub item_id: ItemId,
    pub code: String,
    pub name: String,
    pub unit: ItemUnit,
    pub serialized: bool,
    pub quantity: i64,
    /// Of serialised items in bags. A warehouse has too many: ask for the units of the item.
    pub serial_numbers: Vec<String>,
}

/// `GET /api/inventory/{id}`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ItemDetail {
    #[serde(flatten)]
    pub item: Item,
    /// Warehouses and bags that hold some of it.
    pub balances: Vec<Balance>,
}

crate::text_enum! {
    /// Order of the list of items.
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
    /// Part of the code or name.
    pub q: Option<String>,
    pub category: Option<String>,
    /// Only items at or below their minimum.
    pub low: Option<bool>,
    pub limit: Option<i64>,
    pub cursor: Option<String>,
    pub sort: Option<ItemSort>,
    pub with_total: Option<bool>,
}

/// `GET /api/inventory/movements`: newest first.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct MovementQuery {
    pub item_id: Option<ItemId>,
    pub location_id: Option<LocationId>,
    pub job_id: Option<JobId>,
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
    pub state: Option<CommaList<UnitState>>,
    pub location_id: Option<LocationId>,
    pub limit: Option<i64>,
    pub cursor: Option<String>,
    pub with_total: Option<bool>,
}

/// `GET /api/locations`: by code.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct LocationQuery {
    pub kind: Option<CommaList<LocationKind>>,
    /// The bag of this technician.
    pub technician_id: Option<TechnicianId>,
    pub limit: Option<i64>,
    pub cursor: Option<String>,
    pub with_total: Option<bool>,
}
