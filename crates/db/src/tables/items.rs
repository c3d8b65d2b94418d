//! Items: kinds of material and tools.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text};
use shared::inventory::{Item, ItemInput, ItemSort, ItemUnit};
use shared::{ItemId, LocationId, Rupiah};

use crate::conn::Conn;
use crate::cursor::Cursor;
use crate::error::DbError;
use crate::schema::{balances, items as table, movements, units};
use crate::search::{self, Condition, Searchable};

/// A row of the table.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable)]
#[diesel(table_name = table)]
pub struct ItemRow {
    pub id: ItemId,
    pub code: String,
    pub name: String,
    pub category: String,
    pub unit: ItemUnit,
    pub pack_size: Option<i64>,
    pub serialized: bool,
    pub min_stock: i64,
    pub price: Rupiah,
    pub on_hand: i64,
    pub low_alerted: bool,
    pub version: i64,
}

impl From<ItemRow> for Item {
    fn from(row: ItemRow) -> Self {
        Self {
            id: row.id,
            code: row.code,
            name: row.name,
            category: row.category,
            unit: row.unit,
            pack_size: row.pack_size,
            serialized: row.serialized,
            min_stock: Some(row.min_stock),
            price: Some(row.price),
            on_hand: Some(row.on_hand),
            in_bag: None,
            version: row.version,
        }
    }
}

impl From<ItemRow> for ItemInput {
    fn from(row: ItemRow) -> Self {
        let ItemRow { code, name, category, unit, pack_size, serialized, min_stock, price, .. } =
            row;
        Self { code, name, category, unit, pack_size, serialized, min_stock, price }
    }
}

/// Filter of the item list.
#[derive(Debug, Clone, Default)]
pub struct ItemFilter {
    /// Words that all have to occur.
    pub words: Vec<String>,
    /// Items with the unit of this serial number are found too.
    pub unit_serial: Option<String>,
    pub category: Option<String>,
    /// Only items at or below their minimum stock.
    pub low: bool,
    /// Only items with stock at this location.
    pub held_at: Option<LocationId>,
}

fn conditions(filter: &ItemFilter) -> Vec<Condition<table::table>> {
    let mut all = Vec::new();
    let words: Vec<Condition<table::table>> =
        search::contains_all(Searchable::Items, &filter.words);
    let words = words.into_iter().reduce(|all, word| Box::new(all.and(word)));
    if let Some(words) = words {
        all.push(match &filter.unit_serial {
            Some(serial) => Box::new(words.or(has_unit(serial, filter.held_at))),
            None => words,
        });
    }
    if let Some(category) = &filter.category {
        all.push(Box::new(table::category.eq(category.clone())));
    }
    if filter.low {
        all.push(Box::new(table::on_hand.le(table::min_stock)));
    }
    if let Some(location) = filter.held_at {
        let held = balances::table
            .filter(balances::location_id.eq(location).and(balances::quantity.gt(0)))
            .select(balances::item_id);
        all.push(Box::new(table::id.eq_any(held)));
    }
    all
}

/// Items that have the unit of a serial number, perhaps only at one location.
fn has_unit(serial: &str, at: Option<LocationId>) -> Condition<table::table> {
    let unit = units::table.filter(units::serial_number.eq(serial.to_owned()));
    match at {
        Some(location) => {
            let there = unit.filter(units::location_id.eq(location));
            Box::new(table::id.eq_any(there.select(units::item_id)))
        }
        None => Box::new(table::id.eq_any(unit.select(units::item_id))),
    }
}

/// Items in the given order, after `cursor`.
pub fn list(
    conn: &mut Conn,
    filter: &ItemFilter,
    sort: ItemSort,
    cursor: Option<&Cursor>,
    limit: i64,
) -> Result<Vec<ItemRow>, DbError> {
    let mut query = table::table.select(ItemRow::as_select()).into_boxed();
    for condition in conditions(filter) {
        query = query.filter(condition);
    }
    if let Some(cursor) = cursor {
        query = query.filter(after(sort, cursor));
    }
    query = match sort {
        ItemSort::Name => query.order((table::name.asc(), table::id.asc())),
        ItemSort::NameDescending => query.order((table::name.desc(), table::id.desc())),
        ItemSort::Code => query.order(table::code.asc()),
        ItemSort::CodeDescending => query.order(table::code.desc()),
    };
    Ok(query.limit(limit).load(conn)?)
}

/// Rows after the cursor. The redundant comparison of the name comes first because an index can use it.
fn after(sort: ItemSort, cursor: &Cursor) -> Condition<table::table> {
    let id = ItemId(cursor.id);
    let key = cursor.as_text().to_owned();
    match sort {
        ItemSort::Name => {
            Box::new(table::name.ge(key.clone()).and(table::name.gt(key).or(table::id.gt(id))))
        }
        ItemSort::NameDescending => {
            Box::new(table::name.le(key.clone()).and(table::name.lt(key).or(table::id.lt(id))))
        }
        ItemSort::Code => Box::new(table::code.gt(key)),
        ItemSort::CodeDescending => Box::new(table::code.lt(key)),
    }
}

/// The cursor of a row in a list with this sort order.
pub fn cursor_of(sort: ItemSort, row: &ItemRow) -> Cursor {
    match sort {
        ItemSort::Name | ItemSort::NameDescending => Cursor::text(&row.name, row.id.0),
        ItemSort::Code | ItemSort::CodeDescending => Cursor::text(&row.code, row.id.0),
    }
}

/// Counts the matching items.
pub fn count(conn: &mut Conn, filter: &ItemFilter) -> Result<i64, DbError> {
    let mut query = table::table.into_boxed();
    for condition in conditions(filter) {
        query = query.filter(condition);
    }
    Ok(query.count().get_result(conn)?)
}

/// One item.
pub fn find(conn: &mut Conn, id: ItemId) -> Result<Option<ItemRow>, DbError> {
    Ok(table::table.find(id).select(ItemRow::as_select()).first(conn).optional()?)
}

/// Finds several items; missing ones are left out.
pub fn find_all(conn: &mut Conn, ids: &[ItemId]) -> Result<Vec<ItemRow>, DbError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = table::table.filter(table::id.eq_any(ids.to_vec())).select(ItemRow::as_select());
    Ok(rows.load(conn)?)
}

/// The item with this code.
pub fn find_by_code(conn: &mut Conn, code: &str) -> Result<Option<ItemRow>, DbError> {
    let row = table::table.filter(table::code.eq(code)).select(ItemRow::as_select());
    Ok(row.first(conn).optional()?)
}

fn search_text(input: &ItemInput) -> String {
    search::search_text(&[&input.code, &input.name, &input.category])
}

/// Adds an item without stock.
pub fn insert(conn: &mut Conn, input: &ItemInput, now: NaiveDateTime) -> Result<ItemId, DbError> {
    let row = (
        table::code.eq(&input.code),
        table::name.eq(&input.name),
        table::category.eq(&input.category),
        table::unit.eq(input.unit),
        table::pack_size.eq(input.pack_size),
        table::serialized.eq(input.serialized),
        table::min_stock.eq(input.min_stock),
        table::price.eq(input.price),
        table::search_text.eq(search_text(input)),
        table::created_at.eq(now),
        table::updated_at.eq(now),
    );
    Ok(diesel::insert_into(table::table).values(row).returning(table::id).get_result(conn)?)
}

/// Updates an item that still has `version`; false if it was changed meanwhile.
pub fn update(
    conn: &mut Conn,
    id: ItemId,
    version: i64,
    input: &ItemInput,
    now: NaiveDateTime,
) -> Result<bool, DbError> {
    let row = table::table.filter(table::id.eq(id).and(table::version.eq(version)));
    let changed = diesel::update(row)
        .set((
            table::code.eq(&input.code),
            table::name.eq(&input.name),
            table::category.eq(&input.category),
            table::unit.eq(input.unit),
            table::pack_size.eq(input.pack_size),
            table::serialized.eq(input.serialized),
            table::min_stock.eq(input.min_stock),
            table::price.eq(input.price),
            table::search_text.eq(search_text(input)),
            table::version.eq(version + 1),
            table::updated_at.eq(now),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}

/// Deletes an item that still has `version` and has never moved; false if it was changed meanwhile.
pub fn delete(conn: &mut Conn, id: ItemId, version: i64) -> Result<bool, DbError> {
    let row = table::table.filter(table::id.eq(id).and(table::version.eq(version)));
    Ok(diesel::delete(row).execute(conn)? == 1)
}

/// Whether the item has ledger entries.
pub fn has_moved(conn: &mut Conn, id: ItemId) -> Result<bool, DbError> {
    let moved = movements::table.filter(movements::item_id.eq(id));
    Ok(diesel::select(diesel::dsl::exists(moved)).get_result(conn)?)
}

/// What a low-stock alert depends on.
#[derive(Debug, Clone, QueryableByName)]
pub struct ItemStock {
    #[diesel(sql_type = BigInt)]
    pub on_hand: i64,
    #[diesel(sql_type = BigInt)]
    pub min_stock: i64,
    #[diesel(sql_type = Bool)]
    pub low_alerted: bool,
    #[diesel(sql_type = Text)]
    pub code: String,
    #[diesel(sql_type = Text)]
    pub name: String,
}

/// Changes the stock in warehouses and locks the item until the transaction ends, so that movements of
/// one item are serialised. `None` if the stock would become negative.
pub fn change_on_hand(
    conn: &mut Conn,
    id: ItemId,
    change: i64,
) -> Result<Option<ItemStock>, DbError> {
    Ok(diesel::sql_query(
        "UPDATE items SET on_hand = on_hand + $1 WHERE id = $2 AND on_hand + $1 >= 0
         RETURNING on_hand, min_stock, low_alerted, code, name",
    )
    .bind::<BigInt, _>(change)
    .bind::<BigInt, _>(id)
    .get_result(conn)
    .optional()?)
}

/// Records whether a low-stock alert was sent.
pub fn set_low_alerted(conn: &mut Conn, id: ItemId, alerted: bool) -> Result<(), DbError> {
    diesel::update(table::table.find(id)).set(table::low_alerted.eq(alerted)).execute(conn)?;
    Ok(())
}
