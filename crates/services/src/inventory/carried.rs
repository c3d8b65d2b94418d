//! What a technician carries.

use db::Conn;
use db::tables::{balances, units};
use shared::ErrorCode;
use shared::inventory::ItemUnit;

use crate::Actor;
use crate::error::{Error, Result};
use crate::inventory::locations;

/// Most items of a bag that are looked at.
const MOST: i64 = 200;

/// One item of a bag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried {
    pub name: String,
    pub unit: ItemUnit,
    pub quantity: i64,
    pub serial_numbers: Vec<String>,
}

/// What lies in the bag of the technician who acts, by name.
///
/// # Errors
/// The actor is no technician; the database fails.
pub fn carried(conn: &mut Conn, actor: &Actor) -> Result<Vec<Carried>> {
    let technician = actor.technician_id.ok_or_else(|| Error::refuse(ErrorCode::Forbidden))?;
    let (bag, _) = locations::bag(conn, technician)?;
    let serials = units::serials_at(conn, bag.id)?;
    let mut all: Vec<Carried> = balances::at_location(conn, bag.id, None, MOST)?
        .into_iter()
        .map(|(item, quantity)| {
            let own = serials.iter().filter(|(of, _)| *of == item.id);
            let mut serial_numbers: Vec<String> = own.map(|(_, serial)| serial.clone()).collect();
            serial_numbers.sort();
            Carried { name: item.name, unit: item.unit, quantity, serial_numbers }
        })
        .collect();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(all)
}
