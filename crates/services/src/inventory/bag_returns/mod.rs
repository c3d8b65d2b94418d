//! Bag returns: leftovers go from a technician's bag back to the warehouse.
//!
//! The technician requests the return, the warehouse counts and decides; only then the goods leave
//! the bag.

mod decision;
mod request;

pub use decision::{confirm, reject};
pub use request::{request, withdraw};

use db::tables::bag_returns::{self as table, BagReturnFilter, BagReturnRow};
use db::{Conn, Cursor, Tx};
use shared::audit::AuditAction;
use shared::inventory::{BagReturn, BagReturnLine, BagReturnQuery, BagReturnStatus};
use shared::live::{BagReturnEvent, LiveEvent};
use shared::{BagReturnId, Page, Permission, TechnicianId};

use crate::Actor;
use crate::audit::{self, AuditEvent};
use crate::error::{OrNotFound, Result};
use crate::outbox::{self, Notice, Recipient};
use crate::pagination::PageRequest;

/// Lists returns, newest first; a technician sees only own ones.
///
/// # Errors
/// `Forbidden`, `OutOfRange` (limit), `InvalidCursor`.
pub fn list(conn: &mut Conn, actor: &Actor, query: &BagReturnQuery) -> Result<Page<BagReturn>> {
    let page = PageRequest::parse(query.limit, query.cursor.as_deref(), query.with_total)?;
    let own = actor.technician_limit(Permission::InventoryRead)?;
    if own.is_some_and(|own| query.technician_id.is_some_and(|wanted| wanted != own)) {
        let total = page.with_total.then_some(0);
        return Ok(page.page(Vec::<BagReturn>::new(), total, |one| id_cursor(one.id), |one| one));
    }
    let technician = own.or(query.technician_id);
    let filter = BagReturnFilter { technician, status: query.status };
    let rows = table::list(conn, filter, page.cursor.as_ref(), page.fetch_limit())?;
    let total = page.with_total.then(|| table::count(conn, filter)).transpose()?;
    let all = with_lines(conn, rows)?;
    Ok(page.page(all, total, |one| id_cursor(one.id), |one| one))
}

fn id_cursor(id: BagReturnId) -> Cursor {
    Cursor::text("", id.0)
}

/// Loads a return; a technician sees only own ones.
///
/// # Errors
/// `Forbidden`, `NotFound`.
pub fn get(conn: &mut Conn, actor: &Actor, id: BagReturnId) -> Result<BagReturn> {
    let own = actor.technician_limit(Permission::InventoryRead)?;
    let one = load(conn, id)?;
    Some(one).filter(|one| own.is_none_or(|own| own == one.technician_id)).or_not_found()
}

/// The technician's return that waits for the warehouse.
pub fn pending_return(conn: &mut Conn, technician: TechnicianId) -> Result<Option<BagReturn>> {
    table::find_pending(conn, technician)?.map(|id| load(conn, id)).transpose()
}

fn load(conn: &mut Conn, id: BagReturnId) -> Result<BagReturn> {
    let row = table::find(conn, id)?.or_not_found()?;
    with_lines(conn, vec![row])?.pop().or_not_found()
}

fn with_lines(conn: &mut Conn, rows: Vec<BagReturnRow>) -> Result<Vec<BagReturn>> {
    let ids: Vec<BagReturnId> = rows.iter().map(|row| row.id).collect();
    let lines = table::lines_for(conn, &ids)?;
    let own = |id| lines.iter().filter(move |(of, _)| *of == id).map(|(_, line)| line.clone());
    Ok(rows.into_iter().map(|row| to_bag_return(own(row.id).collect(), row)).collect())
}

fn to_bag_return(lines: Vec<BagReturnLine>, row: BagReturnRow) -> BagReturn {
    BagReturn {
        id: row.id,
        technician_id: row.technician_id,
        technician_name: row.technician_name,
        status: row.status,
        lines,
        location_id: row.location_id,
        location_name: row.location_name,
        reason: row.reason,
        decided_by: row.decided_by,
        decided_at: row.decided_at.map(|at| at.and_utc()),
        version: row.version,
        created_at: row.created_at.and_utc(),
    }
}

/// Records the audit entry, the live event and the notifications of a change. The technician is
/// notified of decisions by others.
fn record_change(
    tx: &mut Tx<'_>,
    actor: &Actor,
    before: Option<&BagReturn>,
    after: &BagReturn,
) -> Result<()> {
    let action = match after.status {
        BagReturnStatus::Requested => AuditAction::BagReturnRequest,
        BagReturnStatus::Confirmed => AuditAction::BagReturnConfirm,
        BagReturnStatus::Rejected => AuditAction::BagReturnReject,
        BagReturnStatus::Withdrawn => AuditAction::BagReturnWithdraw,
    };
    let event = AuditEvent { action, entity_id: after.id.0 };
    audit::record(tx, actor, event, before, Some(after))?;
    tx.emit(LiveEvent::BagReturn(BagReturnEvent {
        id: after.id,
        status: after.status,
        technician_id: after.technician_id,
    }));
    let dedupe_key = after.id.to_string();
    let technician = after.technician_name.clone();
    let asked = Notice::BagReturnRequested { bag_return_id: after.id, technician };
    if after.status == BagReturnStatus::Requested {
        return outbox::enqueue(tx, Recipient::Warehouse, &asked, &dedupe_key);
    }
    // The request to the warehouse is answered: update its message.
    outbox::enqueue_update(tx, Recipient::Warehouse, &asked, &dedupe_key)?;
    if actor.technician_id == Some(after.technician_id) {
        return Ok(());
    }
    let decided = Notice::BagReturnDecided { bag_return_id: after.id };
    outbox::enqueue(tx, Recipient::Technician(after.technician_id), &decided, &dedupe_key)
}
