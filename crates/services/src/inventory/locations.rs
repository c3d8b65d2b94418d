//! Stock locations: warehouses, technicians' bags and the outside.

use db::tables::items::ItemRow;
use db::tables::locations::{self as table, LocationFilter, LocationRow};
use db::tables::{balances, serial_units};
use db::{Conn, Cursor, Tx};
use shared::audit::AuditAction;
use shared::inventory::{Location, LocationInput, LocationKind, LocationQuery, Stock};
use shared::{ErrorCode, Lang, LocationId, Page, Permission, TechnicianId, stored_text};

use crate::Actor;
use crate::audit::{self, AuditEvent};
use crate::error::{Error, OrNotFound, Result, map_unique_violation};
use crate::pagination::PageRequest;

/// Lists locations by code; a technician sees the warehouses and the own bag.
///
/// # Errors
/// `Forbidden`, `OutOfRange` (limit), `InvalidCursor`.
pub fn list(conn: &mut Conn, actor: &Actor, query: &LocationQuery) -> Result<Page<Location>> {
    let page = PageRequest::parse(query.limit, query.cursor.as_deref(), query.with_total)?;
    let filter = LocationFilter {
        kinds: query.kind.as_ref().map(|kinds| kinds.0.clone()).unwrap_or_default(),
        technician: query.technician_id,
        seen_by: actor.technician_limit(Permission::InventoryRead)?,
    };
    let rows = table::list(conn, &filter, page.cursor.as_ref(), page.fetch_limit())?;
    let total = page.with_total.then(|| table::count(conn, &filter)).transpose()?;
    Ok(page.page(rows, total, |row| Cursor::text(&row.code, row.id.0), Location::from))
}

/// Lists the stock of a location by item; a technician sees the own bag.
///
/// # Errors
/// `Forbidden`, `NotFound`.
pub fn stock(
    conn: &mut Conn,
    actor: &Actor,
    id: LocationId,
    page: &PageRequest,
) -> Result<Page<Stock>> {
    let own_bag = visible_bag(conn, actor)?;
    let place = table::find(conn, id)?;
    let place = place.filter(|place| own_bag.is_none_or(|bag| bag == place.id)).or_not_found()?;
    let rows = balances::at_location(conn, id, page.cursor.as_ref(), page.fetch_limit())?;
    let total = page.with_total.then(|| balances::count_at(conn, id)).transpose()?;
    let serials = match place.kind {
        LocationKind::Technician => serial_units::serials_at(conn, id)?,
        _ => Vec::new(),
    };
    let stock = |(item, quantity): (ItemRow, i64)| Stock {
        serial_numbers: serials
            .iter()
            .filter(|(of, _)| *of == item.id)
            .map(|(_, serial)| serial.clone())
            .collect(),
        item_id: item.id,
        code: item.code,
        name: item.name,
        unit: item.unit,
        serialized: item.serialized,
        quantity,
    };
    Ok(page.page(rows, total, |(item, _)| Cursor::text("", item.id.0), stock))
}

/// Creates a warehouse.
///
/// # Errors
/// Invalid fields; `Taken` (code).
pub fn create(tx: &mut Tx<'_>, actor: &Actor, input: &LocationInput) -> Result<Location> {
    let input = input.clone().parse()?;
    let id = table::insert(tx.conn(), &input.code, &input.name, LocationKind::Warehouse, None)
        .map_err(|error| map_unique_violation("code", error))?;
    let location = Location::from(table::find(tx.conn(), id)?.or_not_found()?);
    let event = AuditEvent { action: AuditAction::LocationCreate, entity_id: id.0 };
    audit::record::<Location, _>(tx, actor, event, None, Some(&location))?;
    Ok(location)
}

/// Creates the bag of a new technician.
pub fn create_bag(tx: &mut Tx<'_>, technician_id: TechnicianId, name: &str) -> Result<LocationId> {
    let (code, name) = (format!("TAS-{technician_id}"), bag_name(name));
    let kind = LocationKind::Technician;
    table::insert(tx.conn(), &code, &name, kind, Some(technician_id))
        .map_err(|error| map_unique_violation("code", error))
}

/// Renames a technician's bag after the technician.
pub fn rename_bag(tx: &mut Tx<'_>, technician_id: TechnicianId, name: &str) -> Result<()> {
    Ok(table::rename_bag(tx.conn(), technician_id, &bag_name(name))?)
}

fn bag_name(technician: &str) -> String {
    stored_text::bag_name(Lang::ORGANISATION, technician)
}

/// The bag that the actor's view is limited to; `None` if the actor may see everything.
pub(super) fn visible_bag(conn: &mut Conn, actor: &Actor) -> Result<Option<LocationId>> {
    let Some(technician) = actor.technician_limit(Permission::InventoryRead)? else {
        return Ok(None);
    };
    let (bag, _) = table::find_bag(conn, technician)?.or_not_found()?;
    Ok(Some(bag.id))
}

/// Loads the location named by a field of a request.
///
/// # Errors
/// `UnknownReference`, `WrongLocationKind`.
pub(super) fn require_kind(
    conn: &mut Conn,
    field: &str,
    id: LocationId,
    kinds: &[LocationKind],
) -> Result<LocationRow> {
    let found = table::find(conn, id)?;
    let location = found.ok_or_else(|| Error::field(field, ErrorCode::UnknownReference))?;
    if !kinds.contains(&location.kind) {
        return Err(Error::field(field, ErrorCode::WrongLocationKind));
    }
    Ok(location)
}

/// The warehouse with this id, or the first one.
pub(super) fn warehouse(conn: &mut Conn, id: Option<LocationId>) -> Result<LocationRow> {
    match id {
        Some(id) => require_kind(conn, "location_id", id, &[LocationKind::Warehouse]),
        None => first_of_kind(conn, LocationKind::Warehouse),
    }
}

/// The first location of a kind. All kinds but bags exist from the start.
pub(super) fn first_of_kind(conn: &mut Conn, kind: LocationKind) -> Result<LocationRow> {
    table::first_of_kind(conn, kind)?.or_not_found()
}

/// A technician's bag, and whether the technician is active.
pub(super) fn bag(conn: &mut Conn, technician: TechnicianId) -> Result<(LocationRow, bool)> {
    let found = table::find_bag(conn, technician)?;
    found.ok_or_else(|| Error::field("technician_id", ErrorCode::UnknownReference))
}
