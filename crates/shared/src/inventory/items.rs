//! Items, where they lie, and their units.

use super::types::{ItemUnit, LocationKind, UnitState};
use crate::error::ErrorCode;
use crate::ids::{ItemId, LocationId, TechnicianId, UnitId};
use crate::money::Rupiah;
use crate::plan::parse_code;
use crate::validate::{FieldFault, Validator};
use serde::{Deserialize, Serialize};

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
        let mut check = Validator::default();
        let code = check.accept("code", parse_code(&self.code));
        let name = check.name("name", &self.name, 120);
        let category = check.name("category", &self.category, 60).map(|c| c.to_lowercase());
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
        let mut check = Validator::default();
        let code = check.accept("code", parse_code(&self.code));
        let name = check.name("name", &self.name, 100);
        let input = code.zip(name).map(|(code, name)| LocationInput { code, name });
        check.finish(input)
    }
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
