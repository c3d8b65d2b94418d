//! Serialised units: location and state of each serial number.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use shared::inventory::{Unit, UnitState};
use shared::{ItemId, LocationId, UnitId};

use crate::conn::Conn;
use crate::cursor::Cursor;
use crate::error::DbError;
use crate::schema::{locations, movement_units, units as table};
use crate::search::Condition;

/// A row of the table.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable)]
#[diesel(table_name = table)]
pub struct UnitRow {
    pub id: UnitId,
    pub item_id: ItemId,
    pub serial_number: String,
    pub state: UnitState,
    pub location_id: LocationId,
}

/// Filter of the unit list.
#[derive(Debug, Clone, Default)]
pub struct UnitFilter {
    /// Part of the serial number, upper case.
    pub serial_part: Option<String>,
    pub states: Vec<UnitState>,
    pub location: Option<LocationId>,
    /// Only units in this bag, the caller's own.
    pub own_bag: Option<LocationId>,
}

fn conditions(item: ItemId, filter: &UnitFilter) -> Vec<Condition<table::table>> {
    let mut all: Vec<Condition<table::table>> = vec![Box::new(table::item_id.eq(item))];
    if let Some(part) = &filter.serial_part {
        let part = part.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        all.push(Box::new(table::serial_number.like(format!("%{part}%")).escape('\\')));
    }
    if !filter.states.is_empty() {
        all.push(Box::new(table::state.eq_any(filter.states.clone())));
    }
    for location in [filter.location, filter.own_bag].into_iter().flatten() {
        all.push(Box::new(table::location_id.eq(location)));
    }
    all
}

/// Units of an item, oldest first, after `cursor`.
pub fn list(
    conn: &mut Conn,
    item: ItemId,
    filter: &UnitFilter,
    cursor: Option<&Cursor>,
    limit: i64,
) -> Result<Vec<Unit>, DbError> {
    let mut query = table::table.select(UnitRow::as_select()).into_boxed();
    for condition in conditions(item, filter) {
        query = query.filter(condition);
    }
    if let Some(cursor) = cursor {
        query = query.filter(table::id.gt(UnitId(cursor.id)));
    }
    let rows: Vec<UnitRow> = query.order(table::id).limit(limit).load(conn)?;
    let mut places: Vec<LocationId> = rows.iter().map(|row| row.location_id).collect();
    places.sort_unstable();
    places.dedup();
    let names: Vec<(LocationId, String)> = match places.is_empty() {
        true => Vec::new(),
        false => locations::table
            .filter(locations::id.eq_any(places))
            .select((locations::id, locations::name))
            .load(conn)?,
    };
    let name = |id| names.iter().find(|(place, _)| *place == id).map(|(_, name)| name.clone());
    let unit = |row: UnitRow| Unit {
        id: row.id,
        item_id: row.item_id,
        serial_number: row.serial_number,
        state: row.state,
        location_id: row.location_id,
        location_name: name(row.location_id).unwrap_or_default(),
    };
    Ok(rows.into_iter().map(unit).collect())
}

/// Counts the matching units.
pub fn count(conn: &mut Conn, item: ItemId, filter: &UnitFilter) -> Result<i64, DbError> {
    let mut query = table::table.into_boxed();
    for condition in conditions(item, filter) {
        query = query.filter(condition);
    }
    Ok(query.count().get_result(conn)?)
}

/// The unit with this serial number.
pub fn find_by_serial(conn: &mut Conn, serial: &str) -> Result<Option<UnitRow>, DbError> {
    let row = table::table.filter(table::serial_number.eq(serial)).select(UnitRow::as_select());
    Ok(row.first(conn).optional()?)
}

/// The oldest units of an item in this state at this location.
pub fn oldest(
    conn: &mut Conn,
    item: ItemId,
    location: LocationId,
    state: UnitState,
    limit: i64,
) -> Result<Vec<UnitRow>, DbError> {
    let here = table::location_id.eq(location).and(table::item_id.eq(item));
    Ok(table::table
        .filter(here.and(table::state.eq(state)))
        .order(table::id)
        .limit(limit)
        .select(UnitRow::as_select())
        .load(conn)?)
}

/// The oldest unit of an item at this location whose serial number matches `pattern` (for LIKE).
pub fn oldest_like(
    conn: &mut Conn,
    item: ItemId,
    location: LocationId,
    pattern: &str,
) -> Result<Option<UnitRow>, DbError> {
    let here = table::location_id.eq(location).and(table::item_id.eq(item));
    Ok(table::table
        .filter(here.and(table::serial_number.like(pattern)))
        .order(table::id)
        .select(UnitRow::as_select())
        .first(conn)
        .optional()?)
}

/// Adds a unit.
pub fn insert(
    conn: &mut Conn,
    item: ItemId,
    serial: &str,
    state: UnitState,
    location: LocationId,
    now: NaiveDateTime,
) -> Result<UnitId, DbError> {
    let row = (
        table::item_id.eq(item),
        table::serial_number.eq(serial),
        table::state.eq(state),
        table::location_id.eq(location),
        table::created_at.eq(now),
        table::updated_at.eq(now),
    );
    Ok(diesel::insert_into(table::table).values(row).returning(table::id).get_result(conn)?)
}

/// Moves a unit that is still at the location it was read with; false if it is not.
pub fn move_to(
    conn: &mut Conn,
    unit: &UnitRow,
    item: ItemId,
    state: UnitState,
    to: LocationId,
    now: NaiveDateTime,
) -> Result<bool, DbError> {
    let row =
        table::table.filter(table::id.eq(unit.id).and(table::location_id.eq(unit.location_id)));
    let changed = diesel::update(row)
        .set((
            table::item_id.eq(item),
            table::state.eq(state),
            table::location_id.eq(to),
            table::updated_at.eq(now),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}

/// Marks the unit with this serial number, if there is one, as damaged where it is.
pub fn set_damaged(conn: &mut Conn, serial: &str, now: NaiveDateTime) -> Result<(), DbError> {
    diesel::update(table::table.filter(table::serial_number.eq(serial)))
        .set((table::state.eq(UnitState::Damaged), table::updated_at.eq(now)))
        .execute(conn)?;
    Ok(())
}

/// Sets the serial number of a unit.
pub fn set_serial(
    conn: &mut Conn,
    unit: UnitId,
    serial: &str,
    now: NaiveDateTime,
) -> Result<(), DbError> {
    diesel::update(table::table.find(unit))
        .set((table::serial_number.eq(serial), table::updated_at.eq(now)))
        .execute(conn)?;
    Ok(())
}

/// The units of a movement.
pub fn for_movement(
    conn: &mut Conn,
    movement: shared::MovementId,
) -> Result<Vec<UnitRow>, DbError> {
    Ok(table::table
        .inner_join(movement_units::table)
        .filter(movement_units::movement_id.eq(movement))
        .order(table::id)
        .select(UnitRow::as_select())
        .load(conn)?)
}

/// Serial numbers of all units at a location.
pub fn serials_at(conn: &mut Conn, location: LocationId) -> Result<Vec<(ItemId, String)>, DbError> {
    Ok(table::table
        .filter(table::location_id.eq(location))
        .order((table::item_id, table::id))
        .select((table::item_id, table::serial_number))
        .load(conn)?)
}
