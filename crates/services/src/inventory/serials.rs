//! Serialised units and their moves between locations.
//!
//! Opening stock has no list of serial numbers. Its units get a provisional one,
//! `<CODE>-AWAL-0001`, which no manufacturer uses. The first time that an unknown serial number is
//! taken from a location that has such a unit, the oldest of them gets that number for good.

use db::Tx;
use db::tables::installed_devices;
use db::tables::locations::LocationRow;
use db::tables::serial_units::{self as table, UnitRow};
use db::tables::{items::ItemRow, movements};
use shared::audit::AuditAction;
use shared::inventory::{LocationKind, UnitState};
use shared::{ErrorCode, MovementId};

use crate::Actor;
use crate::audit::{self, AuditEvent};
use crate::customers;
use crate::error::Result;

/// Serial number of a unit as recorded in the audit.
#[derive(serde::Serialize)]
struct SerialSnapshot<'a> {
    serial_number: &'a str,
}

/// Marks a provisional serial number.
const PROVISIONAL_MARKER: &str = "-AWAL-";

/// Generates the provisional serial numbers of an item's opening stock.
pub(super) fn provisional_serials(code: &str, count: i64) -> Vec<String> {
    (1..=count).map(|number| format!("{code}{PROVISIONAL_MARKER}{number:04}")).collect()
}

/// The move of a unit.
pub(super) struct UnitMove<'a> {
    pub item: &'a ItemRow,
    pub from: &'a LocationRow,
    pub to: &'a LocationRow,
    pub movement: MovementId,
    /// The unit comes from outside and may be new to the system.
    pub may_be_new: bool,
    /// The movement undoes another one, so the unit was never used.
    pub reversal: bool,
}

/// Moves the unit with this serial number; `Some` is the reason why it can not move.
pub(super) fn move_unit(
    tx: &mut Tx<'_>,
    actor: &Actor,
    handover: &UnitMove<'_>,
    serial: &str,
) -> Result<Option<ErrorCode>> {
    let UnitMove { item, from, to, movement, may_be_new, reversal } = *handover;
    let now = tx.now().naive_utc();
    let unit = match table::find_by_serial(tx.conn(), serial)? {
        // A unit that left may come back, even as another item if the first entry was wrong.
        Some(unit) if unit.location_id == from.id && (unit.item_id == item.id || may_be_new) => {
            unit
        }
        Some(_) if may_be_new => return Ok(Some(ErrorCode::Taken)),
        Some(_) => return Ok(Some(ErrorCode::UnitNotAvailable)),
        None if may_be_new => {
            let state = state_at(to.kind, from.kind, None);
            let unit = table::insert(tx.conn(), item.id, serial, state, to.id, now)?;
            movements::add_unit(tx.conn(), movement, unit)?;
            return Ok(None);
        }
        None => match assign_real_serial(tx, actor, handover, serial)? {
            Some(unit) => unit,
            None => return Ok(Some(ErrorCode::UnitNotAvailable)),
        },
    };
    let state = match state_at(to.kind, from.kind, Some(unit.state)) {
        UnitState::Returned if reversal && to.kind == LocationKind::Technician => {
            UnitState::WithTechnician
        }
        state => state,
    };
    if !table::move_to(tx.conn(), &unit, item.id, state, to.id, now)? {
        return Err(db::DbError::Conflict.into());
    }
    movements::add_unit(tx.conn(), movement, unit.id)?;
    if from.kind == LocationKind::Customer
        && let Some(customer) = installed_devices::delete(tx.conn(), serial)?
    {
        customers::refresh_search(tx, customer)?;
    }
    Ok(None)
}

/// Gives the oldest provisional unit at the location its real serial number.
fn assign_real_serial(
    tx: &mut Tx<'_>,
    actor: &Actor,
    handover: &UnitMove<'_>,
    serial: &str,
) -> Result<Option<UnitRow>> {
    let UnitMove { item, from, .. } = *handover;
    let pattern = format!("%{PROVISIONAL_MARKER}%");
    let Some(unit) = table::oldest_like(tx.conn(), item.id, from.id, &pattern)? else {
        return Ok(None);
    };
    let now = tx.now().naive_utc();
    table::set_serial(tx.conn(), unit.id, serial, now)?;
    let event = AuditEvent { action: AuditAction::UnitIdentify, entity_id: unit.id.0 };
    let (was, is) = (
        SerialSnapshot { serial_number: &unit.serial_number },
        SerialSnapshot { serial_number: serial },
    );
    audit::record(tx, actor, event, Some(&was), Some(&is))?;
    Ok(Some(unit))
}

/// The state of a unit after its arrival at a location. A used or a damaged unit stays marked on its way from
/// the customer through bags into a warehouse; whoever takes a unit out of the damaged goods has mended it.
fn state_at(to: LocationKind, from: LocationKind, before: Option<UnitState>) -> UnitState {
    let marked = before == Some(UnitState::Returned);
    let used = from == LocationKind::Customer || marked;
    let damaged = before == Some(UnitState::Damaged) && from != LocationKind::Damaged;
    match to {
        LocationKind::Warehouse | LocationKind::Technician if damaged => UnitState::Damaged,
        LocationKind::Warehouse if used => UnitState::Returned,
        LocationKind::Warehouse => UnitState::InStock,
        LocationKind::Technician if used && from != LocationKind::Warehouse => UnitState::Returned,
        LocationKind::Technician => UnitState::WithTechnician,
        LocationKind::Customer => UnitState::Installed,
        LocationKind::Damaged => UnitState::Damaged,
        LocationKind::Lost | LocationKind::Adjustment => UnitState::Lost,
        LocationKind::Supplier => UnitState::Returned,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_returned_by_a_customer_stays_marked_as_used() {
        use LocationKind::{Customer, Technician, Warehouse};
        let back = state_at(Warehouse, Customer, Some(UnitState::Installed));
        assert_eq!(back, UnitState::Returned);
        assert_eq!(state_at(Warehouse, Warehouse, Some(back)), UnitState::Returned);
        let in_bag = state_at(Technician, Customer, Some(UnitState::Installed));
        assert_eq!(in_bag, UnitState::Returned);
        assert_eq!(state_at(Warehouse, Technician, Some(in_bag)), UnitState::Returned);
        let damaged = state_at(Warehouse, Technician, Some(UnitState::Damaged));
        assert_eq!(damaged, UnitState::Damaged);
        let mended = state_at(Warehouse, LocationKind::Damaged, Some(UnitState::Damaged));
        assert_eq!(mended, UnitState::InStock);
        let unused = state_at(Warehouse, Technician, Some(UnitState::WithTechnician));
        assert_eq!(unused, UnitState::InStock);
    }

    #[test]
    fn provisional_serial_numbers_are_numbered_from_one() {
        assert_eq!(provisional_serials("OPM", 2), ["OPM-AWAL-0001", "OPM-AWAL-0002"]);
        assert!(provisional_serials("OPM", 0).is_empty());
    }
}
