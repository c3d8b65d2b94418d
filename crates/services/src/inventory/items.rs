//! Stock items: materials and tools.

use std::collections::HashMap;

use db::tables::items::{self as table, ItemFilter, ItemRow, ItemStock};
use db::tables::{balances, items};
use db::{Conn, Tx};
use shared::audit::AuditAction;
use shared::inventory::{Item, ItemDetail, ItemInput, ItemQuery, ItemSort};
use shared::live::{ItemEvent, LiveEvent};
use shared::validate::Validator;
use shared::{ErrorCode, ItemId, Page, parse_serial_number};

use crate::Actor;
use crate::audit::{self, AuditEvent};
use crate::error::{Error, OrNotFound, Result, check_version, map_unique_violation};
use crate::inventory::{locations, low_stock};
use crate::pagination::PageRequest;
use crate::personal_data::search_words;

/// Lists items; a technician sees those in the own bag, with their quantity there and without stock, minimum and
/// price of the warehouse. Which items are low is about warehouses, so for a technician none is.
///
/// # Errors
/// `Forbidden`, `OutOfRange` (limit), `InvalidCursor`, `InvalidText` (search).
pub fn list(conn: &mut Conn, actor: &Actor, query: &ItemQuery) -> Result<Page<Item>> {
    let page = PageRequest::parse(query.limit, query.cursor.as_deref(), query.with_total)?;
    let sort = query.sort.unwrap_or(ItemSort::Name);
    let category = query.category.as_deref().map(|category| category.trim().to_lowercase());
    let own_bag = locations::visible_bag(conn, actor)?;
    let low = query.low.unwrap_or(false);
    if own_bag.is_some() && low {
        return Ok(page.page(
            Vec::<ItemRow>::new(),
            Some(0),
            |row| table::cursor_of(sort, row),
            Item::from,
        ));
    }
    let filter = ItemFilter {
        words: search_words(query.q.as_deref())?,
        unit_serial: query.q.as_deref().and_then(|text| parse_serial_number(text).ok()),
        category: category.filter(|category| !category.is_empty()),
        low,
        held_at: own_bag,
    };
    let rows = table::list(conn, &filter, sort, page.cursor.as_ref(), page.fetch_limit())?;
    let total = page.with_total.then(|| table::count(conn, &filter)).transpose()?;
    let Some(bag) = own_bag else {
        return Ok(page.page(rows, total, |row| table::cursor_of(sort, row), Item::from));
    };
    let ids: Vec<ItemId> = rows.iter().map(|row| row.id).collect();
    let held: HashMap<ItemId, i64> = balances::quantities(conn, &ids, bag)?.into_iter().collect();
    let view = |row: ItemRow| {
        let quantity = held.get(&row.id).copied().unwrap_or(0);
        item_in_bag(row, quantity)
    };
    Ok(page.page(rows, total, |row| table::cursor_of(sort, row), view))
}

/// What a technician sees of an item.
fn item_in_bag(row: ItemRow, quantity: i64) -> Item {
    let hidden = Item { min_stock: None, price: None, on_hand: None, ..Item::from(row) };
    Item { in_bag: Some(quantity), ..hidden }
}

/// Loads an item with its balances. For a technician, an item outside the own bag does not exist.
///
/// # Errors
/// `Forbidden`, `NotFound`.
pub fn get(conn: &mut Conn, actor: &Actor, id: ItemId) -> Result<ItemDetail> {
    let own_bag = locations::visible_bag(conn, actor)?;
    let row = table::find(conn, id)?.or_not_found()?;
    let balances = balances::for_item(conn, id, own_bag)?;
    let item = match (own_bag, balances.first()) {
        (None, _) => Item::from(row),
        (Some(_), Some(held)) => item_in_bag(row, held.quantity),
        (Some(_), None) => return Err(Error::refuse(ErrorCode::NotFound)),
    };
    Ok(ItemDetail { item, balances })
}

/// Creates an item.
///
/// # Errors
/// Invalid fields; `Taken` (code).
pub fn create(tx: &mut Tx<'_>, actor: &Actor, input: &ItemInput) -> Result<Item> {
    insert(tx, actor, &input.clone().parse()?).map(Item::from)
}

pub(super) fn insert(tx: &mut Tx<'_>, actor: &Actor, input: &ItemInput) -> Result<ItemRow> {
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

pub(super) fn change(
    tx: &mut Tx<'_>,
    actor: &Actor,
    before: ItemRow,
    input: &ItemInput,
) -> Result<Item> {
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

pub(super) fn check_immutable_fields(
    conn: &mut Conn,
    before: &ItemRow,
    input: &ItemInput,
) -> Result<()> {
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
