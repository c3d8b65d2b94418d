//! Serialised units of an item.

use db::tables::serial_units::{self as table, UnitFilter};
use db::{Conn, Cursor};
use shared::inventory::{Unit, UnitQuery};
use shared::text::{TextForm, normalize};
use shared::{ItemId, Page, parse_serial_number};

use crate::Actor;
use crate::error::{Error, Result};
use crate::inventory::{items, locations};
use crate::pagination::PageRequest;

/// Lists the units of an item, oldest first; a technician sees those in the own bag.
///
/// # Errors
/// `Forbidden`, `NotFound` (item), `InvalidText` (search), `InvalidCursor`.
pub fn list(conn: &mut Conn, actor: &Actor, item: ItemId, query: &UnitQuery) -> Result<Page<Unit>> {
    let page = PageRequest::parse(query.limit, query.cursor.as_deref(), query.with_total)?;
    items::get(conn, actor, item)?;
    let part = query.q.as_deref().unwrap_or_default();
    let part = normalize(part, TextForm::Line).map_err(|code| Error::field("q", code))?;
    let serial_part = Some(parse_serial_number(&part).unwrap_or_else(|_| part.to_uppercase()));
    let filter = UnitFilter {
        serial_part: serial_part.filter(|part| !part.is_empty()),
        states: query.state.as_ref().map(|states| states.0.clone()).unwrap_or_default(),
        location: query.location_id,
        own_bag: locations::visible_bag(conn, actor)?,
    };
    let rows = table::list(conn, item, &filter, page.cursor.as_ref(), page.fetch_limit())?;
    let total = page.with_total.then(|| table::count(conn, item, &filter)).transpose()?;
    Ok(page.page(rows, total, |unit| Cursor::text("", unit.id.0), |unit| unit))
}
