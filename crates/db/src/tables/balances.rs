//! Stock balances per item and location.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};
use shared::inventory::{Balance, LocationKind};
use shared::{ItemId, LocationId};

use crate::conn::Conn;
use crate::cursor::Cursor;
use crate::error::DbError;
use crate::schema::{balances as table, items, locations};
use crate::tables::items::ItemRow;

/// The quantity of an item at a location.
pub fn quantity(conn: &mut Conn, item: ItemId, location: LocationId) -> Result<i64, DbError> {
    let found: Option<i64> =
        table::table.find((item, location)).select(table::quantity).first(conn).optional()?;
    Ok(found.unwrap_or(0))
}

/// The quantities of several items at a location; items that are not there are left out.
pub fn quantities(
    conn: &mut Conn,
    ids: &[ItemId],
    location: LocationId,
) -> Result<Vec<(ItemId, i64)>, DbError> {
    let there = table::table
        .filter(table::location_id.eq(location).and(table::item_id.eq_any(ids.to_vec())));
    Ok(there.select((table::item_id, table::quantity)).load(conn)?)
}

/// Changes a quantity. A negative `change` is only for locations that may be negative.
pub fn add(
    conn: &mut Conn,
    item: ItemId,
    location: LocationId,
    may_be_negative: bool,
    change: i64,
) -> Result<(), DbError> {
    diesel::sql_query(
        "INSERT INTO balances (item_id, location_id, quantity, may_be_negative)
         VALUES ($1, $2, $3, $4)
         ON CONFLICT (item_id, location_id)
         DO UPDATE SET quantity = balances.quantity + excluded.quantity",
    )
    .bind::<BigInt, _>(item)
    .bind::<BigInt, _>(location)
    .bind::<BigInt, _>(change)
    .bind::<Bool, _>(may_be_negative)
    .execute(conn)?;
    Ok(())
}

/// Subtracts a quantity; false, without a change, if less than `quantity` is there.
pub fn take(
    conn: &mut Conn,
    item: ItemId,
    location: LocationId,
    quantity: i64,
) -> Result<bool, DbError> {
    let row = table::table.find((item, location)).filter(table::quantity.ge(quantity));
    let changed =
        diesel::update(row).set(table::quantity.eq(table::quantity - quantity)).execute(conn)?;
    Ok(changed == 1)
}

/// Balances of the item in warehouses and technicians' bags; only at one location if it is given.
pub fn for_item(
    conn: &mut Conn,
    item: ItemId,
    only: Option<LocationId>,
) -> Result<Vec<Balance>, DbError> {
    let kinds = [LocationKind::Warehouse, LocationKind::Technician];
    let mut query = table::table
        .inner_join(locations::table)
        .filter(table::item_id.eq(item).and(table::quantity.gt(0)))
        .filter(locations::kind.eq_any(kinds))
        .select((table::location_id, locations::name, locations::kind, table::quantity))
        .into_boxed();
    if let Some(location) = only {
        query = query.filter(table::location_id.eq(location));
    }
    let rows: Vec<(LocationId, String, LocationKind, i64)> =
        query.order((locations::kind.desc(), locations::id)).load(conn)?;
    let balance = |(location_id, location_name, location_kind, quantity)| Balance {
        location_id,
        location_name,
        location_kind,
        quantity,
    };
    Ok(rows.into_iter().map(balance).collect())
}

/// Items at a location with their quantities, after `cursor`.
pub fn at_location(
    conn: &mut Conn,
    location: LocationId,
    cursor: Option<&Cursor>,
    limit: i64,
) -> Result<Vec<(ItemRow, i64)>, DbError> {
    let mut query = table::table
        .inner_join(items::table)
        .filter(table::location_id.eq(location).and(table::quantity.gt(0)))
        .select((ItemRow::as_select(), table::quantity))
        .into_boxed();
    if let Some(cursor) = cursor {
        query = query.filter(table::item_id.gt(ItemId(cursor.id)));
    }
    Ok(query.order(table::item_id).limit(limit).load(conn)?)
}

/// Counts the items at a location.
pub fn count_at(conn: &mut Conn, location: LocationId) -> Result<i64, DbError> {
    let there = table::table.filter(table::location_id.eq(location).and(table::quantity.gt(0)));
    Ok(there.count().get_result(conn)?)
}
