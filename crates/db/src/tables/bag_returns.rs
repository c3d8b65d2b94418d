//! Returns of material from technicians to the warehouse.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use shared::inventory::{BagReturnLine, BagReturnStatus, ItemUnit};
use shared::{BagReturnId, ItemId, LocationId, TechnicianId, UserId};

use crate::conn::Conn;
use crate::cursor::Cursor;
use crate::error::DbError;
use crate::schema::{
    bag_return_lines as lines, bag_returns as table, items, locations, technicians, users,
};

/// A row of the table, with the names that go with it.
#[derive(Debug, Clone, Queryable)]
pub struct BagReturnRow {
    pub id: BagReturnId,
    pub technician_id: TechnicianId,
    pub technician_name: String,
    pub status: BagReturnStatus,
    pub location_id: Option<LocationId>,
    pub location_name: Option<String>,
    pub reason: Option<String>,
    pub decided_by: Option<String>,
    pub decided_at: Option<NaiveDateTime>,
    pub version: i64,
    pub created_at: NaiveDateTime,
}

/// One item that comes back.
#[derive(Debug, Insertable)]
#[diesel(table_name = lines)]
struct NewLine {
    bag_return_id: BagReturnId,
    item_id: ItemId,
    quantity: i64,
    serial_numbers: String,
}

/// Filter of the list of returns.
#[derive(Debug, Clone, Copy, Default)]
pub struct BagReturnFilter {
    pub technician: Option<TechnicianId>,
    pub status: Option<BagReturnStatus>,
}

/// The warehouse's decision about a return.
pub struct BagReturnDecision<'a> {
    pub status: BagReturnStatus,
    pub location: Option<LocationId>,
    pub reason: Option<&'a str>,
    pub by: UserId,
    pub at: NaiveDateTime,
}

/// Adds a return that waits for a decision.
pub fn insert(
    conn: &mut Conn,
    technician: TechnicianId,
    at: NaiveDateTime,
) -> Result<BagReturnId, DbError> {
    let row = (
        table::technician_id.eq(technician),
        table::status.eq(BagReturnStatus::Requested),
        table::created_at.eq(at),
    );
    Ok(diesel::insert_into(table::table).values(row).returning(table::id).get_result(conn)?)
}

/// Adds an item to a return.
pub fn insert_line(
    conn: &mut Conn,
    id: BagReturnId,
    item: ItemId,
    quantity: i64,
    serials: &[String],
) -> Result<(), DbError> {
    let serial_numbers = serials.join("\n");
    let line = NewLine { bag_return_id: id, item_id: item, quantity, serial_numbers };
    diesel::insert_into(lines::table).values(line).execute(conn)?;
    Ok(())
}

/// The query behind lists and single rows.
macro_rules! rows {
    () => {
        table::table
            .inner_join(technicians::table.on(technicians::id.eq(table::technician_id)))
            .left_join(users::table.on(table::decided_by.eq(users::id.nullable())))
            .left_join(locations::table.on(table::location_id.eq(locations::id.nullable())))
            .select((
                table::id,
                table::technician_id,
                technicians::name,
                table::status,
                table::location_id,
                locations::name.nullable(),
                table::reason,
                users::name.nullable(),
                table::decided_at,
                table::version,
                table::created_at,
            ))
    };
}

macro_rules! filtered {
    ($query:expr, $filter:expr) => {{
        let mut query = $query;
        if let Some(technician) = $filter.technician {
            query = query.filter(table::technician_id.eq(technician));
        }
        if let Some(status) = $filter.status {
            query = query.filter(table::status.eq(status));
        }
        query
    }};
}

/// One return.
pub fn find(conn: &mut Conn, id: BagReturnId) -> Result<Option<BagReturnRow>, DbError> {
    Ok(rows!().filter(table::id.eq(id)).first(conn).optional()?)
}

/// The technician's return that waits for a decision.
pub fn find_pending(
    conn: &mut Conn,
    technician: TechnicianId,
) -> Result<Option<BagReturnId>, DbError> {
    Ok(table::table
        .filter(table::technician_id.eq(technician))
        .filter(table::status.eq(BagReturnStatus::Requested))
        .select(table::id)
        .first(conn)
        .optional()?)
}

/// Returns, newest first, after `cursor`.
pub fn list(
    conn: &mut Conn,
    filter: BagReturnFilter,
    cursor: Option<&Cursor>,
    limit: i64,
) -> Result<Vec<BagReturnRow>, DbError> {
    let mut query = filtered!(rows!().into_boxed(), filter);
    if let Some(cursor) = cursor {
        query = query.filter(table::id.lt(BagReturnId(cursor.id)));
    }
    Ok(query.order(table::id.desc()).limit(limit).load(conn)?)
}

/// Counts the matching returns.
pub fn count(conn: &mut Conn, filter: BagReturnFilter) -> Result<i64, DbError> {
    Ok(filtered!(table::table.into_boxed(), filter).count().get_result(conn)?)
}

/// A line as it is stored, with its item.
type StoredLine = (
    (BagReturnId, ItemId, i64, String, Option<i64>, Option<String>),
    (String, String, ItemUnit, bool),
);

/// The lines of these returns, sorted by item name.
pub fn lines_for(
    conn: &mut Conn,
    ids: &[BagReturnId],
) -> Result<Vec<(BagReturnId, BagReturnLine)>, DbError> {
    let stored: Vec<StoredLine> = lines::table
        .inner_join(items::table)
        .filter(lines::bag_return_id.eq_any(ids.to_vec()))
        .order((items::name, items::id))
        .select((
            (
                lines::bag_return_id,
                lines::item_id,
                lines::quantity,
                lines::serial_numbers,
                lines::counted,
                lines::counted_serial_numbers,
            ),
            (items::code, items::name, items::unit, items::serialized),
        ))
        .load(conn)?;
    let line = |((id, item_id, quantity, serials, counted, found), item): StoredLine| {
        let (item_code, item_name, unit, serialized) = item;
        let line = BagReturnLine {
            item_id,
            item_code,
            item_name,
            unit,
            serialized,
            quantity,
            serial_numbers: split_serials(&serials),
            counted,
            counted_serial_numbers: found.as_deref().map(split_serials).unwrap_or_default(),
        };
        (id, line)
    };
    Ok(stored.into_iter().map(line).collect())
}

/// Stores the decision about a pending return; false if it was decided before.
pub fn decide(
    conn: &mut Conn,
    id: BagReturnId,
    outcome: &BagReturnDecision<'_>,
) -> Result<bool, DbError> {
    let waiting =
        table::table.filter(table::id.eq(id).and(table::status.eq(BagReturnStatus::Requested)));
    let changed = diesel::update(waiting)
        .set((
            table::status.eq(outcome.status),
            table::location_id.eq(outcome.location),
            table::reason.eq(outcome.reason),
            table::decided_by.eq(outcome.by),
            table::decided_at.eq(outcome.at),
            table::version.eq(table::version + 1),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}

/// Stores the counted quantity of an item.
pub fn set_counted(
    conn: &mut Conn,
    id: BagReturnId,
    item: ItemId,
    counted: i64,
    serials: &[String],
) -> Result<(), DbError> {
    let line = lines::table.find((id, item));
    diesel::update(line)
        .set((lines::counted.eq(counted), lines::counted_serial_numbers.eq(serials.join("\n"))))
        .execute(conn)?;
    Ok(())
}

/// Splits at line breaks, which requests do not accept in serial numbers.
fn split_serials(serials: &str) -> Vec<String> {
    serials.lines().map(str::to_owned).collect()
}
