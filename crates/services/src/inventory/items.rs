//! Stock items: materials and tools.

use db::tables::items::{self as table, ItemFilter, ItemRow, ItemStock};
use db::tables::{balances, items};
use db::{Conn, Tx};
use shared::audit::AuditAction;
use shared::inventory::{
    Item, ItemDetail, ItemInput, ItemQuery, ItemSort, LocationKind, MAX_QUANTITY, MovementKind,
};
use shared::live::{ItemEvent, LiveEvent};
use shared::validate::Validator;
use shared::{ErrorCode, ItemId, Lang, Page, stored_text};

use crate::Actor;
use crate::audit::{self, AuditEvent};
use crate::error::{Error, OrNotFound, Result, check_version, map_unique_violation};
use crate::inventory::ledger::{self, Posting, PostingLine};
use crate::inventory::{locations, low_stock, serials};
use crate::pagination::PageRequest;
use crate::personal_data::search_words;

/// Lists items; a technician sees those in the own bag.
///
/// # Errors
/// `Forbidden`, `OutOfRange` (limit), `InvalidCursor`, `InvalidText` (search).
pub fn list(conn: &mut Conn, actor: &Actor, query: &ItemQuery) -> Result<Page<Item>> {
    let page = PageRequest::parse(query.limit, query.cursor.as_deref(), query.with_total)?;
    let sort = query.sort.unwrap_or(ItemSort::Name);
    let category = query.category.as_deref().map(|category| category.trim().to_lowercase());
    let filter = ItemFilter {
        words: search_words(query.q.as_deref())?,
        category: category.filter(|category| !category.is_empty()),
        low: query.low.unwrap_or(false),
        held_at: locations::visible_bag(conn, actor)?,
    };
    let rows = table::list(conn, &filter, sort, page.cursor.as_ref(), page.fetch_limit())?;
    let total = page.with_total.then(|| table::count(conn, &filter)).transpose()?;
    Ok(page.page(rows, total, |row| table::cursor_of(sort, row), Item::from))
}

/// Loads an item with its balances. For a technician, an item outside the own bag does not exist.
///
/// # Errors
/// `Forbidden`, `NotFound`.
pub fn get(conn: &mut Conn, actor: &Actor, id: ItemId) -> Result<ItemDetail> {
    let own_bag = locations::visible_bag(conn, actor)?;
    let item = Item::from(table::find(conn, id)?.or_not_found()?);
    let balances = balances::for_item(conn, id, own_bag)?;
    if own_bag.is_some() && balances.is_empty() {
        return Err(Error::refuse(ErrorCode::NotFound));
    }
    Ok(ItemDetail { item, balances })
}

/// Creates an item.
///
/// # Errors
/// Invalid fields; `Taken` (code).
pub fn create(tx: &mut Tx<'_>, actor: &Actor, input: &ItemInput) -> Result<Item> {
    insert(tx, actor, &input.clone().parse()?).map(Item::from)
}

fn insert(tx: &mut Tx<'_>, actor: &Actor, input: &ItemInput) -> Result<ItemRow> {
    let now = tx.now().naive_utc();
    let id = table::insert(tx.conn(), input, now)
        .map_err(|error| map_unique_violation("code", error))?;
    let row = table::find(tx.conn(), id)?.or_not_found()?;
    let event = AuditEvent { action: AuditAction::ItemCreate, entity_id: id.0 };
    audit::record::<Item, _>(tx, actor, event, None, Some(&Item::from(row.clone())))?;
    tx.emit(LiveEvent::ItemChanged(ItemEvent { item_id: id, version: row.version }));
    Ok(row)
}

/// Updates an item. Unit and serialisation can not change once the item has moved.
///
/// # Errors
/// `NotFound`, `VersionMismatch`, invalid fields, `Taken` (code), `ItemInUse`.
pub fn update(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: ItemId,
    expected: Option<i64>,
    input: &ItemInput,
) -> Result<Item> {
    let before = table::find(tx.conn(), id)?.or_not_found()?;
    check_version(expected, before.version)?;
    change(tx, actor, before, &input.clone().parse()?)
}

fn change(tx: &mut Tx<'_>, actor: &Actor, before: ItemRow, input: &ItemInput) -> Result<Item> {
    check_immutable_fields(tx.conn(), &before, input)?;
    let (id, now) = (before.id, tx.now().naive_utc());
    let changed = table::update(tx.conn(), id, before.version, input, now)
        .map_err(|error| map_unique_violation("code", error))?;
    if !changed {
        return Err(db::DbError::Conflict.into());
    }
    let row = table::find(tx.conn(), id)?.or_not_found()?;
    let stock = ItemStock {
        on_hand: row.on_hand,
        min_stock: row.min_stock,
        low_alerted: row.low_alerted,
        code: row.code.clone(),
        name: row.name.clone(),
    };
    let raised = input.min_stock > before.min_stock;
    low_stock::check_level(tx, id, &stock, raised, &format!("version:{}", row.version))?;
    let (before, after) = (Item::from(before), Item::from(row));
    let event = AuditEvent { action: AuditAction::ItemUpdate, entity_id: id.0 };
    audit::record(tx, actor, event, Some(&before), Some(&after))?;
    tx.emit(LiveEvent::ItemChanged(ItemEvent { item_id: id, version: after.version }));
    Ok(after)
}

fn check_immutable_fields(conn: &mut Conn, before: &ItemRow, input: &ItemInput) -> Result<()> {
    let mut check = Validator::default();
    if input.unit != before.unit {
        check.fail::<()>("unit", ErrorCode::ItemInUse);
    }
    if input.serialized != before.serialized {
        check.fail::<()>("serialized", ErrorCode::ItemInUse);
    }
    if check.faults().is_empty() || !items::has_moved(conn, before.id)? {
        return Ok(());
    }
    Ok(check.finish(Some(()))?)
}

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
        return Ok(UpsertResult::Unchanged);
    }
    check_immutable_fields(conn, &before, &input)?;
    Ok(UpsertResult::Updated)
}

/// Creates the item with its opening stock in the first warehouse if its code is new; otherwise
/// updates its details and leaves its stock alone, so that a second run changes nothing.
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
) -> Result<UpsertResult> {
    let input = parse_for_import(input, opening_stock)?;
    match table::find_by_code(tx.conn(), &input.code)? {
        None => {
            let item = insert(tx, actor, &input)?;
            receive_opening_stock(tx, actor, item, opening_stock)?;
            Ok(UpsertResult::Created)
        }
        Some(before) if has_same_details(&before, &input) => Ok(UpsertResult::Unchanged),
        Some(before) => change(tx, actor, before, &input).map(|_| UpsertResult::Updated),
    }
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
        && row.serialized == input.serialized
        && row.min_stock == input.min_stock
        && row.price == input.price
}

fn receive_opening_stock(
    tx: &mut Tx<'_>,
    actor: &Actor,
    item: ItemRow,
    quantity: i64,
) -> Result<()> {
    if quantity == 0 {
        return Ok(());
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
    ledger::post(
        tx,
        actor,
        &booking,
        vec![PostingLine { index: 0, item, quantity, from, to, serials }],
    )?;
    Ok(())
}
