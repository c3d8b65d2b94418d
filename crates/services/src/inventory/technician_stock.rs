//! Stock in a technician's bag.

use db::Conn;
use db::tables::items::ItemRow;
use db::tables::{balances, serial_units};
use shared::inventory::ItemUnit;
use shared::{ErrorCode, ItemId, LocationId};

use crate::Actor;
use crate::error::{Error, Result};
use crate::inventory::locations;

/// Maximum items of a bag.
const MAX_ITEMS: i64 = 200;

/// An item in a bag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TechnicianStockItem {
    pub item_id: ItemId,
    pub name: String,
    pub unit: ItemUnit,
    pub serialized: bool,
    pub quantity: i64,
    pub serial_numbers: Vec<String>,
}

/// The acting technician's stock, by name.
///
/// # Errors
/// `Forbidden` if the actor is not a technician.
pub fn own_stock(conn: &mut Conn, actor: &Actor) -> Result<Vec<TechnicianStockItem>> {
    let bag = own_bag(conn, actor)?;
    let mut all = bag_stock(conn, bag)?;
    all.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(all)
}

/// The bag of the acting technician.
pub(super) fn own_bag(conn: &mut Conn, actor: &Actor) -> Result<LocationId> {
    let technician = actor.technician_id.ok_or_else(|| Error::refuse(ErrorCode::Forbidden))?;
    Ok(locations::bag(conn, technician)?.0.id)
}

/// The stock of a bag, serial numbers sorted.
pub(super) fn bag_stock(conn: &mut Conn, bag: LocationId) -> Result<Vec<TechnicianStockItem>> {
    let serials = serial_units::serials_at(conn, bag)?;
    let with_serials = |(item, quantity): (ItemRow, i64)| {
        let own = serials.iter().filter(|(of, _)| *of == item.id);
        let mut serial_numbers: Vec<String> = own.map(|(_, serial)| serial.clone()).collect();
        serial_numbers.sort();
        TechnicianStockItem {
            item_id: item.id,
            name: item.name,
            unit: item.unit,
            serialized: item.serialized,
            quantity,
            serial_numbers,
        }
    };
    Ok(balances::at_location(conn, bag, None, MAX_ITEMS)?.into_iter().map(with_serials).collect())
}
