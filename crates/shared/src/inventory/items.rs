//! Items, their stock and their serialised units.

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
    /// Unique, for example `DW-1C`.
    pub code: String,
    pub name: String,
    pub category: String,
    pub unit: ItemUnit,
    /// Quantity of one pack, for example 1000 metres of a roll. Receipts and imports may count packs; quantities
    /// everywhere else are in the unit.
    pub pack_size: Option<i64>,
    /// Each unit has a serial number.
    pub serialized: bool,
    /// The item counts as low when all warehouses together hold this quantity or less. Null for technicians.
    pub min_stock: Option<i64>,
    /// Purchase price per unit. Null for technicians.
    pub price: Option<Rupiah>,
    /// Total stock of all warehouses. Null for technicians.
    pub on_hand: Option<i64>,
    /// Quantity in the caller's own bag, for technicians; null for everybody else.
    pub in_bag: Option<i64>,
    pub version: i64,
}

impl Item {
    /// Whether the warehouses are at or below the minimum; never for those who may not see their stock.
    pub fn is_low(&self) -> bool {
        self.on_hand.zip(self.min_stock).is_some_and(|(on_hand, least)| on_hand <= least)
    }
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
    pub pack_size: Option<i64>,
    #[serde(default)]
    pub serialized: bool,
    #[serde(default)]
    pub min_stock: i64,
    #[serde(default)]
    pub price: Rupiah,
}

/// Maximum quantity of one line; keeps sums far from overflow.
pub const MAX_QUANTITY: i64 = 1_000_000_000;

/// Maximum quantity of one pack.
pub const MAX_PACK_SIZE: i64 = 1_000_000;

/// Converts a number of packs into a quantity; `None` beyond [`MAX_QUANTITY`].
pub fn quantity_of_packs(packs: i64, pack_size: i64) -> Option<i64> {
    packs
        .checked_mul(pack_size)
        .filter(|quantity| (-MAX_QUANTITY..=MAX_QUANTITY).contains(quantity))
}

impl ItemInput {
    /// Validates the request and normalises code, name and category.
    ///
    /// # Errors
    /// All invalid fields.
    pub fn parse(self) -> Result<ItemInput, Vec<FieldFault>> {
        let mut check = Validator::default();
        let code = check.accept("code", parse_code(&self.code));
        let name = check.name("name", &self.name, 120);
        let category = check.name("category", &self.category, 60).map(|c| c.to_lowercase());
        if let Some(size) = self.pack_size {
            check.range("pack_size", size, 2, MAX_PACK_SIZE);
        }
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

/// A location of stock.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Location {
    pub id: LocationId,
    pub code: String,
    pub name: String,
    pub kind: LocationKind,
    /// The owner of the bag.
    pub technician_id: Option<TechnicianId>,
}

/// `POST /api/locations`: creates a warehouse. The system creates all other kinds.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LocationInput {
    pub code: String,
    pub name: String,
}

impl LocationInput {
    /// Validates the request.
    ///
    /// # Errors
    /// All invalid fields.
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

/// Stock of an item at one location.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Balance {
    pub location_id: LocationId,
    pub location_name: String,
    pub location_kind: LocationKind,
    pub quantity: i64,
}

/// `GET /api/locations/{id}/stock`: stock per item, ordered by item id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Stock {
    pub item_id: ItemId,
    pub code: String,
    pub name: String,
    pub unit: ItemUnit,
    pub serialized: bool,
    pub quantity: i64,
    /// Serialised items in bags only. For a warehouse, query the units of the item.
    pub serial_numbers: Vec<String>,
}

/// `GET /api/inventory/{id}`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ItemDetail {
    #[serde(flatten)]
    pub item: Item,
    /// Warehouses and bags with stock of the item.
    pub balances: Vec<Balance>,
}
