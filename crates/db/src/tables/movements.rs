//! Stock movements: the ledger. Triggers reject updates and deletes.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use shared::inventory::{ItemUnit, Movement, MovementKind};
use shared::{ItemId, JobId, LocationId, MovementId, UnitId, UserId};

use crate::conn::Conn;
use crate::cursor::Cursor;
use crate::error::DbError;
use crate::page::CountUpTo;
use crate::schema::{items, jobs, locations, movement_units, movements as table, units, users};

diesel::alias!(locations as senders: Senders, locations as receivers: Receivers);

/// A new entry.
#[derive(Debug, Insertable)]
#[diesel(table_name = table)]
pub struct NewMovement<'a> {
    pub kind: MovementKind,
    pub item_id: ItemId,
    pub quantity: i64,
    pub from_location_id: LocationId,
    pub to_location_id: LocationId,
    pub job_id: Option<JobId>,
    pub reverses_id: Option<MovementId>,
    pub reason: Option<&'a str>,
    pub supplier: Option<&'a str>,
    pub invoice_number: Option<&'a str>,
    pub created_by: UserId,
    pub created_at: NaiveDateTime,
}

/// What a reversal needs to know of the original movement.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = table)]
pub struct MovementRow {
    pub id: MovementId,
    pub kind: MovementKind,
    pub item_id: ItemId,
    pub quantity: i64,
    pub from_location_id: LocationId,
    pub to_location_id: LocationId,
    pub job_id: Option<JobId>,
}

/// Filter of the movement list.
#[derive(Debug, Clone, Default)]
pub struct MovementFilter {
    pub item: Option<ItemId>,
    /// Each of these is the source or the destination.
    pub touches: Vec<LocationId>,
    pub job: Option<JobId>,
    pub kinds: Vec<MovementKind>,
}

/// One side of a movement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    From(LocationId),
    To(LocationId),
}

macro_rules! filtered {
    ($query:expr, $filter:expr, $side:expr) => {{
        let mut query = $query;
        match $side {
            Some(Side::From(place)) => query = query.filter(table::from_location_id.eq(place)),
            Some(Side::To(place)) => query = query.filter(table::to_location_id.eq(place)),
            None => {}
        }
        // The first one is the side.
        for place in $filter.touches.iter().skip(1).copied() {
            let touches = table::from_location_id.eq(place).or(table::to_location_id.eq(place));
            query = query.filter(touches);
        }
        if let Some(item) = $filter.item {
            query = query.filter(table::item_id.eq(item));
        }
        if let Some(job) = $filter.job {
            query = query.filter(table::job_id.eq(job));
        }
        query = match $filter.kinds.as_slice() {
            [] => query,
            // An index serves one kind in the order of the list, but not several.
            [kind] => query.filter(table::kind.eq(*kind)),
            kinds => query.filter(table::kind.eq_any(kinds.to_vec())),
        };
        query
    }};
}

/// Outgoing and incoming movements of the first location are two lists, each with an index. They are
/// read separately and merged, so that a page costs the same however long the ledger is.
fn sides(filter: &MovementFilter) -> Vec<Option<Side>> {
    match filter.touches.first() {
        Some(&place) => vec![Some(Side::From(place)), Some(Side::To(place))],
        None => vec![None],
    }
}

/// Movements, newest first, after `cursor`.
pub fn list(
    conn: &mut Conn,
    filter: &MovementFilter,
    cursor: Option<&Cursor>,
    limit: i64,
) -> Result<Vec<Movement>, DbError> {
    let mut ids: Vec<MovementId> = Vec::new();
    for side in sides(filter) {
        let mut query = filtered!(table::table.select(table::id).into_boxed(), filter, side);
        if let Some(cursor) = cursor {
            query = query.filter(table::id.lt(MovementId(cursor.id)));
        }
        ids.extend(query.order(table::id.desc()).limit(limit).load::<MovementId>(conn)?);
    }
    ids.sort_unstable_by(|a, b| b.cmp(a));
    ids.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    find_all(conn, &ids)
}

/// Counts the matching movements, up to more than a total shows.
pub fn count(conn: &mut Conn, filter: &MovementFilter) -> Result<i64, DbError> {
    let mut sum = 0;
    for side in sides(filter) {
        let query = filtered!(table::table.select(table::id).into_boxed(), filter, side);
        let counted: i64 = CountUpTo(query.limit(CountUpTo::LIMIT)).get_result(conn)?;
        sum += counted;
    }
    Ok(sum)
}

/// One entry.
pub fn find(conn: &mut Conn, id: MovementId) -> Result<Option<MovementRow>, DbError> {
    Ok(table::table.find(id).select(MovementRow::as_select()).first(conn).optional()?)
}

/// Movements of an item that are neither reversed nor reversals. At most three.
pub fn effective(conn: &mut Conn, item: ItemId) -> Result<Vec<MovementId>, DbError> {
    let stands = diesel::dsl::sql::<Bool>(
        "NOT EXISTS (SELECT 1 FROM movements r WHERE r.reverses_id = movements.id)",
    );
    let original = table::item_id.eq(item).and(table::reverses_id.is_null());
    Ok(table::table.filter(original).filter(stands).select(table::id).limit(3).load(conn)?)
}

/// Whether a movement was reversed.
pub fn is_reversed(conn: &mut Conn, id: MovementId) -> Result<bool, DbError> {
    let reversals = table::table.filter(table::reverses_id.eq(id));
    Ok(diesel::select(diesel::dsl::exists(reversals)).get_result(conn)?)
}

#[derive(Queryable)]
struct MovementDetails {
    id: MovementId,
    kind: MovementKind,
    item_id: ItemId,
    quantity: i64,
    from_location_id: LocationId,
    to_location_id: LocationId,
    job_id: Option<JobId>,
    reason: Option<String>,
    created_at: NaiveDateTime,
    item: (String, String, ItemUnit, bool),
    from_name: String,
    to_name: String,
    created_by: String,
    job_number: Option<String>,
}

/// Loads several entries with all names, in the order of `ids`.
pub fn find_all(conn: &mut Conn, ids: &[MovementId]) -> Result<Vec<Movement>, DbError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<MovementDetails> = table::table
        .inner_join(items::table)
        .inner_join(users::table)
        .left_join(jobs::table)
        .inner_join(senders.on(senders.field(locations::id).eq(table::from_location_id)))
        .inner_join(receivers.on(receivers.field(locations::id).eq(table::to_location_id)))
        .filter(table::id.eq_any(ids.to_vec()))
        .select((
            table::id,
            table::kind,
            table::item_id,
            table::quantity,
            table::from_location_id,
            table::to_location_id,
            table::job_id,
            table::reason,
            table::created_at,
            (items::code, items::name, items::unit, items::serialized),
            senders.field(locations::name),
            receivers.field(locations::name),
            users::name,
            jobs::number.nullable(),
        ))
        .load(conn)?;
    let serialized: Vec<MovementId> =
        rows.iter().filter(|row| row.item.3).map(|row| row.id).collect();
    let serials = serials(conn, serialized)?;
    let undone = reversed(conn, ids)?;
    let movement = |row: MovementDetails| to_movement(row, &serials, &undone);
    let mut movements: Vec<Movement> = rows.into_iter().map(movement).collect();
    movements.sort_by_key(|movement| ids.iter().position(|id| *id == movement.id));
    Ok(movements)
}

/// Returns those of the movements that were reversed.
fn reversed(conn: &mut Conn, ids: &[MovementId]) -> Result<Vec<MovementId>, DbError> {
    let undone = table::table
        .filter(table::reverses_id.eq_any(ids.to_vec()))
        .select(table::reverses_id.assume_not_null())
        .load(conn)?;
    Ok(undone)
}

fn to_movement(
    row: MovementDetails,
    serials: &[(MovementId, String)],
    reversed: &[MovementId],
) -> Movement {
    let (item_code, item_name, unit, _) = row.item;
    let mine = serials.iter().filter(|(movement, _)| *movement == row.id);
    Movement {
        id: row.id,
        kind: row.kind,
        item_id: row.item_id,
        item_code,
        item_name,
        unit,
        quantity: row.quantity,
        from_location_id: row.from_location_id,
        from_location_name: row.from_name,
        to_location_id: row.to_location_id,
        to_location_name: row.to_name,
        job_id: row.job_id,
        job_number: row.job_number,
        serial_numbers: mine.map(|(_, serial)| serial.clone()).collect(),
        reason: row.reason,
        reversed: reversed.contains(&row.id),
        created_by: row.created_by,
        created_at: row.created_at.and_utc(),
    }
}

fn serials(
    conn: &mut Conn,
    movements: Vec<MovementId>,
) -> Result<Vec<(MovementId, String)>, DbError> {
    if movements.is_empty() {
        return Ok(Vec::new());
    }
    Ok(movement_units::table
        .inner_join(units::table)
        .filter(movement_units::movement_id.eq_any(movements))
        .order(units::id)
        .select((movement_units::movement_id, units::serial_number))
        .load(conn)?)
}

/// Adds an entry.
pub fn insert(conn: &mut Conn, movement: &NewMovement<'_>) -> Result<MovementId, DbError> {
    Ok(diesel::insert_into(table::table).values(movement).returning(table::id).get_result(conn)?)
}

/// Links a unit to a movement.
pub fn add_unit(conn: &mut Conn, movement: MovementId, unit: UnitId) -> Result<(), DbError> {
    let row = (movement_units::movement_id.eq(movement), movement_units::unit_id.eq(unit));
    diesel::insert_into(movement_units::table).values(row).execute(conn)?;
    Ok(())
}
