//! Reversal of movements.

use db::Tx;
use db::tables::{items, locations, movements, serial_units};
use shared::inventory::{MovementKind, MovementsResponse, ReversalRequest};
use shared::{ErrorCode, MovementId};

use crate::Actor;
use crate::error::{Error, OrNotFound, Result};
use crate::inventory::ledger::{self, Posting, PostingLine};

/// Books the opposite of a movement, once.
///
/// # Errors
/// `NotFound`, `NotReversible` (a reversal), `Duplicate` (reversed already), `InsufficientStock`.
pub fn reverse(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: MovementId,
    input: &ReversalRequest,
) -> Result<MovementsResponse> {
    let input = input.parse()?;
    let original = movements::find(tx.conn(), id)?.or_not_found()?;
    if original.kind == MovementKind::Reversal {
        return Err(Error::refuse(ErrorCode::NotReversible));
    }
    // Locks the item, so that the second of two concurrent reversals sees the first.
    items::change_on_hand(tx.conn(), original.item_id, 0)?;
    if movements::is_reversed(tx.conn(), id)? {
        return Err(Error::refuse(ErrorCode::Duplicate));
    }
    let units = serial_units::for_movement(tx.conn(), id)?;
    let opposite = PostingLine {
        index: 0,
        item: items::find(tx.conn(), original.item_id)?.or_not_found()?,
        quantity: original.quantity,
        from: locations::find(tx.conn(), original.to_location_id)?.or_not_found()?,
        to: locations::find(tx.conn(), original.from_location_id)?.or_not_found()?,
        serials: units.into_iter().map(|unit| unit.serial_number).collect(),
    };
    let booking = Posting {
        field: None,
        job_id: original.job_id,
        reverses_id: Some(id),
        reason: Some(&input.reason),
        ..Posting::new(MovementKind::Reversal, "")
    };
    let movements = ledger::post(tx, actor, &booking, vec![opposite])?;
    Ok(MovementsResponse { movements })
}
