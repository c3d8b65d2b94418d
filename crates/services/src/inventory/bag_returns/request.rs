//! Requesting and withdrawing a return: the technician's part.

use db::tables::bag_returns::{self as table, BagReturnDecision};
use db::{DbError, Tx};
use shared::inventory::{BagReturn, BagReturnCreate, BagReturnStatus, MovementKind};
use shared::validate::FieldFault;
use shared::{BagReturnId, ErrorCode, LocationId, Permission};

use super::decision::decide;
use super::{get, load, record_change};
use crate::Actor;
use crate::error::{Error, Result, check_version};
use crate::inventory::ledger::{self, Posting};
use crate::inventory::movement_lines::ResolvedLine;
use crate::inventory::{locations, movement_lines, technician_stock};

const LINES: &str = "lines";

/// Requests the return of goods from a bag. They stay in the bag, and usable, until the warehouse
/// has counted them.
///
/// # Errors
/// Invalid fields; `InsufficientStock` or `UnitNotAvailable` if the bag does not hold them;
/// `BagReturnWaiting` if the technician has a pending return.
pub fn request(tx: &mut Tx<'_>, actor: &Actor, input: &BagReturnCreate) -> Result<BagReturn> {
    let input = input.parse()?;
    let own = actor.technician_limit(Permission::InventoryUse)?;
    let technician = input
        .technician_id
        .or(actor.technician_id)
        .ok_or_else(|| Error::field("technician_id", ErrorCode::Required))?;
    if own.is_some_and(|own| own != technician) {
        return Err(Error::field("technician_id", ErrorCode::UnknownReference));
    }
    let (bag, _) = locations::bag(tx.conn(), technician)?;
    let lines = movement_lines::resolve_lines(tx.conn(), LINES, &input.lines)?;
    check_bag(tx, bag.id, &lines)?;
    let now = tx.now().naive_utc();
    let id = table::insert(tx.conn(), technician, now).map_err(|error| match &error {
        DbError::Query(query) if db::is_unique_violation(query) => {
            Error::refuse(ErrorCode::BagReturnWaiting)
        }
        _ => Error::Db(error),
    })?;
    for line in &lines {
        table::insert_line(tx.conn(), id, line.item.id, line.quantity, &line.serials)?;
    }
    let after = load(tx.conn(), id)?;
    record_change(tx, actor, None, &after)?;
    Ok(after)
}

/// Rejects goods that are not in the bag.
fn check_bag(tx: &mut Tx<'_>, bag: LocationId, lines: &[ResolvedLine]) -> Result<()> {
    let inside = technician_stock::bag_stock(tx.conn(), bag)?;
    let mut faults = Vec::new();
    for line in lines {
        let own = inside.iter().find(|carried| carried.item_id == line.item.id);
        let there = own.map_or(0, |carried| carried.quantity);
        if line.quantity > there {
            let param = Some(format!("{there} {} {}", line.item.unit.symbol(), line.item.code));
            let field = format!("{LINES}[{}].quantity", line.index);
            faults.push(FieldFault { field, code: ErrorCode::InsufficientStock, param });
            continue;
        }
        let known = own.map(|carried| carried.serial_numbers.as_slice()).unwrap_or_default();
        for (position, serial) in line.serials.iter().enumerate() {
            if !known.contains(serial) {
                let field = format!("{LINES}[{}].serial_numbers[{position}]", line.index);
                let param = Some(serial.clone());
                faults.push(FieldFault { field, code: ErrorCode::UnitNotAvailable, param });
            }
        }
    }
    match faults.is_empty() {
        true => Ok(()),
        false => Err(ledger::stock_refusal(&Posting::new(MovementKind::Return, LINES), faults)),
    }
}

/// Withdraws a request; allowed for the technician and for warehouse staff.
///
/// # Errors
/// `Forbidden`, `NotFound`, `BagReturnDecided`.
pub fn withdraw(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: BagReturnId,
    version: Option<i64>,
) -> Result<BagReturn> {
    actor.scope(Permission::InventoryUse)?;
    let before = get(tx.conn(), actor, id)?;
    check_version(version, before.version)?;
    let outcome = BagReturnDecision {
        status: BagReturnStatus::Withdrawn,
        location: None,
        reason: None,
        by: actor.user_id,
        at: tx.now().naive_utc(),
    };
    decide(tx, id, &outcome)?;
    let after = load(tx.conn(), id)?;
    record_change(tx, actor, Some(&before), &after)?;
    Ok(after)
}
