//! Stock locations.

use diesel::prelude::*;
use shared::inventory::{Location, LocationKind};
use shared::{LocationId, TechnicianId};

use crate::conn::Conn;
use crate::cursor::Cursor;
use crate::error::DbError;
use crate::schema::{locations as table, technicians};
use crate::search::Condition;

/// A row of the table.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable)]
#[diesel(table_name = table)]
pub struct LocationRow {
    pub id: LocationId,
    pub code: String,
    pub name: String,
    pub kind: LocationKind,
    pub technician_id: Option<TechnicianId>,
}

impl From<LocationRow> for Location {
    fn from(row: LocationRow) -> Self {
        let LocationRow { id, code, name, kind, technician_id } = row;
        Self { id, code, name, kind, technician_id }
    }
}

/// Filter of the location list.
#[derive(Debug, Clone, Default)]
pub struct LocationFilter {
    pub kinds: Vec<LocationKind>,
    /// The bag of this technician.
    pub technician: Option<TechnicianId>,
    /// Only warehouses and the bag of this technician.
    pub seen_by: Option<TechnicianId>,
}

fn conditions(filter: &LocationFilter) -> Vec<Condition<table::table>> {
    let mut all: Vec<Condition<table::table>> = Vec::new();
    if !filter.kinds.is_empty() {
        all.push(Box::new(table::kind.eq_any(filter.kinds.clone())));
    }
    if let Some(technician) = filter.technician {
        all.push(Box::new(table::technician_id.assume_not_null().eq(technician)));
    }
    if let Some(technician) = filter.seen_by {
        let own = table::technician_id.assume_not_null().eq(technician);
        all.push(Box::new(table::kind.eq(LocationKind::Warehouse).or(own)));
    }
    all
}

/// Locations by code, after `cursor`.
pub fn list(
    conn: &mut Conn,
    filter: &LocationFilter,
    cursor: Option<&Cursor>,
    limit: i64,
) -> Result<Vec<LocationRow>, DbError> {
    let mut query = table::table.select(LocationRow::as_select()).into_boxed();
    for condition in conditions(filter) {
        query = query.filter(condition);
    }
    if let Some(cursor) = cursor {
        query = query.filter(table::code.gt(cursor.as_text().to_owned()));
    }
    Ok(query.order(table::code).limit(limit).load(conn)?)
}

/// Counts the matching locations.
pub fn count(conn: &mut Conn, filter: &LocationFilter) -> Result<i64, DbError> {
    let mut query = table::table.into_boxed();
    for condition in conditions(filter) {
        query = query.filter(condition);
    }
    Ok(query.count().get_result(conn)?)
}

/// One location.
pub fn find(conn: &mut Conn, id: LocationId) -> Result<Option<LocationRow>, DbError> {
    Ok(table::table.find(id).select(LocationRow::as_select()).first(conn).optional()?)
}

/// The first location of a kind: the main warehouse, or the only one of its kind.
pub fn first_of_kind(conn: &mut Conn, kind: LocationKind) -> Result<Option<LocationRow>, DbError> {
    let rows = table::table.filter(table::kind.eq(kind)).order(table::id);
    Ok(rows.select(LocationRow::as_select()).first(conn).optional()?)
}

/// The bag of a technician, and whether the technician is active.
pub fn find_bag(
    conn: &mut Conn,
    technician: TechnicianId,
) -> Result<Option<(LocationRow, bool)>, DbError> {
    Ok(table::table
        .inner_join(technicians::table)
        .filter(table::technician_id.eq(technician))
        .select((LocationRow::as_select(), technicians::active))
        .first(conn)
        .optional()?)
}

/// Adds a location.
pub fn insert(
    conn: &mut Conn,
    code: &str,
    name: &str,
    kind: LocationKind,
    technician: Option<TechnicianId>,
) -> Result<LocationId, DbError> {
    let row = (
        table::code.eq(code),
        table::name.eq(name),
        table::kind.eq(kind),
        table::technician_id.eq(technician),
    );
    Ok(diesel::insert_into(table::table).values(row).returning(table::id).get_result(conn)?)
}

/// Renames the bag of a technician.
pub fn rename_bag(conn: &mut Conn, technician: TechnicianId, name: &str) -> Result<(), DbError> {
    diesel::update(table::table.filter(table::technician_id.eq(technician)))
        .set(table::name.eq(name))
        .execute(conn)?;
    Ok(())
}
