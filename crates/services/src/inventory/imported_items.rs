//! Items of an import: creation with opening stock, update, and taking both back.

use db::tables::items::{self as table, ItemRow};
use db::tables::{job_materials, movements};
use db::{Conn, Tx};
use shared::audit::AuditAction;
use shared::inventory::{
    Item, ItemInput, LocationKind, MAX_QUANTITY, MovementKind, ReversalRequest,
};
use shared::live::{ItemEvent, LiveEvent};
use shared::validate::Validator;
use shared::{ItemId, Lang, MovementId, stored_text};

use crate::Actor;
use crate::audit::{self, AuditEvent};
use crate::error::{OrNotFound, Result};
use crate::inventory::items::{change, check_immutable_fields, insert};
use crate::inventory::ledger::{self, Posting, PostingLine};
use crate::inventory::{locations, reversal, serials};

/// What an import did, or would do, with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UpsertResult {
    Created,
    Updated,
    Unchanged,
}

/// Determines what [`upsert_for_import`] would do.
///
/// # Errors
/// As [`upsert_for_import`].
pub fn compare_for_import(
    conn: &mut Conn,
    input: &ItemInput,
    opening_stock: i64,
) -> Result<UpsertResult> {
    let input = parse_for_import(input, opening_stock)?;
    let Some(before) = table::find_by_code(conn, &input.code)? else {
        return Ok(UpsertResult::Created);
    };
    if has_same_details(&before, &input) {
        let receives = receives_opening_stock(conn, Some(&before), opening_stock)?;
        return Ok(if receives { UpsertResult::Updated } else { UpsertResult::Unchanged });
    }
    check_immutable_fields(conn, &before, &input)?;
    Ok(UpsertResult::Updated)
}

/// Whether an import would receive the opening stock: a new item, or one that has never moved effectively.
///
/// # Errors
/// The database failed.
pub fn receives_opening_stock(
    conn: &mut Conn,
    before: Option<&ItemRow>,
    opening_stock: i64,
) -> Result<bool> {
    match before {
        Some(before) if opening_stock > 0 => Ok(movements::effective(conn, before.id)?.is_empty()),
        _ => Ok(opening_stock > 0),
    }
}

/// What an import has done with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UpsertOutcome {
    Unchanged,
    /// The item was created or updated and has this version now.
    Written {
        id: ItemId,
        version: i64,
        /// The receipt of its opening stock.
        receipt: Option<MovementId>,
    },
}

/// Creates the item with its opening stock in the first warehouse if its code is new; otherwise
/// updates its details. An item that has moved keeps its stock, so that a second run changes nothing.
///
/// Opening stock of a serialised item has no serial numbers: its units get provisional ones
/// (`<CODE>-AWAL-0001`) until the real one is known.
///
/// # Errors
/// Invalid fields (`opening_stock` included); `ItemInUse` if unit or serialisation differ after the
/// item has moved.
pub fn upsert_for_import(
    tx: &mut Tx<'_>,
    actor: &Actor,
    input: &ItemInput,
    opening_stock: i64,
) -> Result<UpsertOutcome> {
    let input = parse_for_import(input, opening_stock)?;
    let Some(before) = table::find_by_code(tx.conn(), &input.code)? else {
        let item = insert(tx, actor, &input)?;
        let (id, version) = (item.id, item.version);
        let receipt = receive_opening_stock(tx, actor, item, opening_stock)?;
        return Ok(UpsertOutcome::Written { id, version, receipt });
    };
    let receives = receives_opening_stock(tx.conn(), Some(&before), opening_stock)?;
    let (id, mut version, same) = (before.id, before.version, has_same_details(&before, &input));
    if same && !receives {
        return Ok(UpsertOutcome::Unchanged);
    }
    if !same {
        version = change(tx, actor, before, &input)?.version;
    }
    let stock = if receives { opening_stock } else { 0 };
    let item = table::find(tx.conn(), id)?.or_not_found()?;
    let receipt = receive_opening_stock(tx, actor, item, stock)?;
    Ok(UpsertOutcome::Written { id, version, receipt })
}

/// What an import has done with an item.
#[derive(Debug, Clone)]
pub struct ItemImport {
    pub id: ItemId,
    /// Its version after the import.
    pub version: i64,
    /// Its details before; `None` if the import created it.
    pub before: Option<ItemInput>,
    /// The receipt of its opening stock by the import.
    pub receipt: Option<MovementId>,
}

/// How an item was taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RemovedItem {
    Deleted,
    /// The ledger keeps every movement, so the item stays, without stock.
    Emptied,
}

/// Whether an item was changed since an import, has moved apart from the receipt of its opening stock, or a job
/// plans it. Movements do not matter for one whose details only were changed, unless its unit was.
///
/// # Errors
/// The database failed.
pub fn is_used_since_import(conn: &mut Conn, import: &ItemImport) -> Result<bool> {
    let Some(item) = table::find(conn, import.id)?.filter(|item| item.version == import.version)
    else {
        return Ok(true);
    };
    if let Some(before) = &import.before {
        let other_unit = before.unit != item.unit || before.serialized != item.serialized;
        if other_unit && table::has_moved(conn, import.id)? {
            return Ok(true);
        }
        if import.receipt.is_none() {
            return Ok(false);
        }
    }
    let mut moved = movements::effective(conn, import.id)?;
    moved.retain(|movement| Some(*movement) != import.receipt);
    Ok(!moved.is_empty() || job_materials::is_planned(conn, import.id)?)
}

/// Takes back an item that an import created: deletes it, or reverses its opening stock if it has moved.
///
/// # Errors
/// `NotFound`, `InsufficientStock`.
pub fn remove_imported(tx: &mut Tx<'_>, actor: &Actor, import: &ItemImport) -> Result<RemovedItem> {
    let id = import.id;
    let item = Item::from(table::find(tx.conn(), id)?.or_not_found()?);
    reverse_receipt(tx, actor, import)?;
    if table::has_moved(tx.conn(), id)? {
        return Ok(RemovedItem::Emptied);
    }
    if !table::delete(tx.conn(), id, item.version)? {
        return Err(db::DbError::Conflict.into());
    }
    let event = AuditEvent { action: AuditAction::ItemDelete, entity_id: id.0 };
    audit::record::<_, ()>(tx, actor, event, Some(&item), None)?;
    tx.emit(LiveEvent::ItemChanged(ItemEvent { item_id: id, version: item.version }));
    Ok(RemovedItem::Deleted)
}

/// Gives an item the details and the stock back that it had before an import. Returns its version.
///
/// # Errors
/// `NotFound`, `ItemInUse`, `InsufficientStock`.
pub fn restore_imported(
    tx: &mut Tx<'_>,
    actor: &Actor,
    import: &ItemImport,
    before: &ItemInput,
) -> Result<i64> {
    reverse_receipt(tx, actor, import)?;
    let now = table::find(tx.conn(), import.id)?.or_not_found()?;
    if has_same_details(&now, before) {
        return Ok(now.version);
    }
    Ok(change(tx, actor, now, before)?.version)
}

/// Reverses the receipt of the opening stock, unless somebody has done so.
fn reverse_receipt(tx: &mut Tx<'_>, actor: &Actor, import: &ItemImport) -> Result<()> {
    let Some(receipt) = import.receipt else { return Ok(()) };
    if movements::is_reversed(tx.conn(), receipt)? {
        return Ok(());
    }
    let reason = stored_text::IMPORT_UNDONE.in_lang(Lang::ORGANISATION).to_owned();
    reversal::reverse(tx, actor, receipt, &ReversalRequest { reason }).map(|_| ())
}

/// Maximum opening stock of a serialised item: each unit becomes a row.
const MAX_OPENING_UNITS: i64 = 10_000;

fn parse_for_import(input: &ItemInput, opening_stock: i64) -> Result<ItemInput> {
    let most = if input.serialized { MAX_OPENING_UNITS } else { MAX_QUANTITY };
    let mut check = Validator::default();
    check.range("opening_stock", opening_stock, 0, most);
    let mut faults = check.faults().to_vec();
    match input.clone().parse() {
        Ok(input) if faults.is_empty() => Ok(input),
        Ok(_) => Err(faults.into()),
        Err(more) => {
            faults.splice(0..0, more);
            Err(faults.into())
        }
    }
}

fn has_same_details(row: &ItemRow, input: &ItemInput) -> bool {
    row.name == input.name
        && row.category == input.category
        && row.unit == input.unit
        && row.pack_size == input.pack_size
        && row.serialized == input.serialized
        && row.min_stock == input.min_stock
        && row.price == input.price
}

fn receive_opening_stock(
    tx: &mut Tx<'_>,
    actor: &Actor,
    item: ItemRow,
    quantity: i64,
) -> Result<Option<MovementId>> {
    if quantity == 0 {
        return Ok(None);
    }
    let from = locations::first_of_kind(tx.conn(), LocationKind::Supplier)?;
    let to = locations::first_of_kind(tx.conn(), LocationKind::Warehouse)?;
    let serials = if item.serialized {
        serials::provisional_serials(&item.code, quantity)
    } else {
        Vec::new()
    };
    let booking = Posting {
        field: None,
        reason: Some(stored_text::OPENING_STOCK.in_lang(Lang::ORGANISATION)),
        ..Posting::new(MovementKind::Receipt, "")
    };
    let line = PostingLine { index: 0, item, quantity, from, to, serials };
    let posted = ledger::post(tx, actor, &booking, vec![line])?;
    Ok(posted.first().map(|movement| movement.id))
}
