//! Confirming and rejecting a return: the warehouse's part.

use db::Tx;
use db::tables::bag_returns::{self as table, BagReturnDecision};
use shared::inventory::{BagReturn, BagReturnConfirmation, BagReturnStatus, Line, MovementKind};
use shared::validate::Validator;
use shared::{BagReturnId, ErrorCode, Lang, Permission, stored_text};

use super::{load, record_change};
use crate::Actor;
use crate::error::{Error, Result, check_version};
use crate::inventory::ledger::{self, Posting};
use crate::inventory::{locations, movement_lines};

const LINES: &str = "lines";

/// Confirms a return: what was counted moves from the bag to the warehouse; the rest stays in the
/// bag.
///
/// # Errors
/// `Forbidden`, `NotFound`, `BagReturnDecided`; invalid fields; `TooMany` if more is counted than
/// was requested; `InsufficientStock` if the bag no longer holds it.
pub fn confirm(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: BagReturnId,
    version: Option<i64>,
    input: &BagReturnConfirmation,
) -> Result<BagReturn> {
    actor.scope(Permission::InventoryWrite)?;
    let input = input.parse()?;
    let before = load(tx.conn(), id)?;
    check_version(version, before.version)?;
    let to = locations::warehouse(tx.conn(), input.location_id)?;
    // The conditional update comes first, so that the second of two concurrent decisions waits here
    // and fails.
    let outcome = BagReturnDecision {
        status: BagReturnStatus::Confirmed,
        location: Some(to.id),
        reason: None,
        by: actor.user_id,
        at: tx.now().naive_utc(),
    };
    decide(tx, id, &outcome)?;
    let counted = input.lines.unwrap_or_else(|| requested_lines(&before));
    check_counted(&before, &counted)?;
    for line in &before.lines {
        let found = counted.iter().find(|counted| counted.item_id == line.item_id);
        let serials = found.and_then(|found| found.serial_numbers.as_deref()).unwrap_or_default();
        let quantity = found.map_or(0, |found| found.quantity);
        table::set_counted(tx.conn(), id, line.item_id, quantity, serials)?;
    }
    let (bag, _) = locations::bag(tx.conn(), before.technician_id)?;
    let known = movement_lines::resolve_lines(tx.conn(), LINES, &counted)?;
    let reason = stored_text::bag_return_reason(Lang::ORGANISATION, id);
    let booking = Posting { reason: Some(&reason), ..Posting::new(MovementKind::Return, LINES) };
    ledger::post(tx, actor, &booking, movement_lines::lines_between(&bag, &to, known))?;
    let after = load(tx.conn(), id)?;
    record_change(tx, actor, Some(&before), &after)?;
    Ok(after)
}

/// Rejects a return: everything stays in the bag, and the technician gets the reason.
///
/// # Errors
/// `Forbidden`, `NotFound`, `BagReturnDecided`.
pub fn reject(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: BagReturnId,
    version: Option<i64>,
    reason: &str,
) -> Result<BagReturn> {
    actor.scope(Permission::InventoryWrite)?;
    let before = load(tx.conn(), id)?;
    check_version(version, before.version)?;
    let outcome = BagReturnDecision {
        status: BagReturnStatus::Rejected,
        location: None,
        reason: Some(reason),
        by: actor.user_id,
        at: tx.now().naive_utc(),
    };
    decide(tx, id, &outcome)?;
    let after = load(tx.conn(), id)?;
    record_change(tx, actor, Some(&before), &after)?;
    Ok(after)
}

/// All lines as requested.
fn requested_lines(one: &BagReturn) -> Vec<Line> {
    one.lines.iter().map(|line| line.requested_line()).collect()
}

/// Rejects items that were not requested, and quantities above the requested ones.
fn check_counted(one: &BagReturn, counted: &[Line]) -> Result<()> {
    let mut check = Validator::default();
    for (index, line) in counted.iter().enumerate() {
        let named = one.lines.iter().find(|named| named.item_id == line.item_id);
        match named.map(|named| named.quantity) {
            None => {
                let field = format!("{LINES}[{index}].item_id");
                check.fail::<()>(&field, ErrorCode::UnknownReference);
            }
            Some(named) if line.quantity > named => {
                let field = format!("{LINES}[{index}].quantity");
                check.fail_with::<()>(&field, ErrorCode::TooMany, named);
            }
            Some(_) => {}
        }
    }
    Ok(check.finish(Some(()))?)
}

pub(super) fn decide(
    tx: &mut Tx<'_>,
    id: BagReturnId,
    outcome: &BagReturnDecision<'_>,
) -> Result<()> {
    match table::decide(tx.conn(), id, outcome)? {
        true => Ok(()),
        false => Err(Error::refuse(ErrorCode::BagReturnDecided)),
    }
}
