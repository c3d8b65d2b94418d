//! Movement requests: receipt, issue, usage, return, transfer, adjustment.

use db::tables::jobs::{self, StoredJob};
use db::tables::movements::{self as table, MovementFilter};
use db::{Conn, Cursor, Tx};
use shared::inventory::{
    AdjustmentRequest, IssueRequest, LocationKind as Kind, Movement, MovementKind, MovementQuery,
    MovementsResponse, ReceiptRequest, ReturnRequest, TransferRequest, UsageRequest,
};
use shared::{ErrorCode, Page, Permission, TechnicianId};

use crate::Actor;
use crate::error::{Error, Result};
use crate::inventory::ledger::{self, Posting, PostingLine};
use crate::inventory::movement_lines::{self, ResolvedLine, lines_between};
use crate::inventory::{job_materials, locations};
use crate::pagination::PageRequest;

const LINES: &str = "lines";

/// Lists movements, newest first; a technician sees those of the own bag.
///
/// # Errors
/// `Forbidden`, `OutOfRange` (limit), `InvalidCursor`.
pub fn list(conn: &mut Conn, actor: &Actor, query: &MovementQuery) -> Result<Page<Movement>> {
    let page = PageRequest::parse(query.limit, query.cursor.as_deref(), query.with_total)?;
    let own_bag = locations::visible_bag(conn, actor)?;
    let mut touches: Vec<_> = own_bag.into_iter().chain(query.location_id).collect();
    touches.dedup();
    let filter = MovementFilter {
        item: query.item_id,
        touches,
        job: query.job_id,
        kinds: query.kind.as_ref().map(|kinds| kinds.0.clone()).unwrap_or_default(),
    };
    let rows = table::list(conn, &filter, page.cursor.as_ref(), page.fetch_limit())?;
    let total = page.with_total.then(|| table::count(conn, &filter)).transpose()?;
    Ok(page.page(rows, total, |row| Cursor::text("", row.id.0), |row| row))
}

/// Receives goods from a supplier into a warehouse.
///
/// # Errors
/// Invalid fields; `Taken` (serial number).
pub fn receive(
    tx: &mut Tx<'_>,
    actor: &Actor,
    input: &ReceiptRequest,
) -> Result<MovementsResponse> {
    let input = input.parse()?;
    let from = locations::first_of_kind(tx.conn(), Kind::Supplier)?;
    let to = locations::warehouse(tx.conn(), Some(input.location_id))?;
    let mut lines = movement_lines::resolve_lines(tx.conn(), LINES, &input.lines)?;
    movement_lines::count_packs(LINES, &mut lines, &input.in_packs)?;
    let booking = Posting {
        supplier: input.supplier.as_deref(),
        invoice_number: input.invoice_number.as_deref(),
        ..Posting::new(MovementKind::Receipt, LINES)
    };
    respond(ledger::post(tx, actor, &booking, lines_between(&from, &to, lines)))
}

/// Issues goods from a warehouse to a technician.
///
/// # Errors
/// Invalid fields; `TechnicianInactive`, `InsufficientStock`, `UnitNotAvailable`.
pub fn issue(tx: &mut Tx<'_>, actor: &Actor, input: &IssueRequest) -> Result<MovementsResponse> {
    let input = input.parse()?;
    let from = locations::warehouse(tx.conn(), input.location_id)?;
    let (to, active) = locations::bag(tx.conn(), input.technician_id)?;
    if !active {
        return Err(Error::refuse(ErrorCode::TechnicianInactive));
    }
    if let Some(job) = input.job_id
        && jobs::find(tx.conn(), job)?.is_none()
    {
        return Err(unknown_reference("job_id"));
    }
    let lines = movement_lines::resolve_lines(tx.conn(), LINES, &input.lines)?;
    let booking = Posting { job_id: input.job_id, ..Posting::new(MovementKind::Issue, LINES) };
    respond(ledger::post(tx, actor, &booking, lines_between(&from, &to, lines)))
}

/// Books goods from a bag as used at the customer of a job. A technician can use the own bag for
/// own jobs.
///
/// # Errors
/// Invalid fields; `UnknownReference`, `JobNotEditable`, `InsufficientStock`, `UnitNotAvailable`.
pub fn consume(tx: &mut Tx<'_>, actor: &Actor, input: &UsageRequest) -> Result<MovementsResponse> {
    let input = input.parse()?;
    let own = actor.technician_limit(Permission::InventoryUse)?;
    let StoredJob { row: job, technicians: crew, .. } =
        jobs::find(tx.conn(), input.job_id)?.ok_or_else(|| unknown_reference("job_id"))?;
    let on_job = |id: TechnicianId| crew.iter().any(|member| member.technician_id == id);
    if own.is_some_and(|own| !on_job(own)) {
        return Err(unknown_reference("job_id"));
    }
    if job.status.is_final() {
        return Err(Error::refuse(ErrorCode::JobNotEditable));
    }
    let caller = own.or(actor.technician_id).filter(|caller| on_job(*caller));
    let lead = crew.first().map(|lead| lead.technician_id);
    let technician = input
        .technician_id
        .or(caller)
        .or(lead)
        .ok_or_else(|| Error::field("technician_id", ErrorCode::Required))?;
    check_own("technician_id", own, technician)?;
    let movements =
        job_materials::consume_for_job(tx, actor, job.id, technician, &input.lines, LINES)?;
    job_materials::add_timeline_entry(tx, actor, job.id, &movements)?;
    Ok(MovementsResponse { movements })
}

/// Returns goods from a bag to a warehouse, by warehouse staff. A technician requests a bag return
/// instead.
///
/// # Errors
/// Invalid fields; `InsufficientStock`, `UnitNotAvailable`.
pub fn return_stock(
    tx: &mut Tx<'_>,
    actor: &Actor,
    input: &ReturnRequest,
) -> Result<MovementsResponse> {
    let input = input.parse()?;
    let (from, _) = locations::bag(tx.conn(), input.technician_id)?;
    let to = locations::warehouse(tx.conn(), input.location_id)?;
    let lines = movement_lines::resolve_lines(tx.conn(), LINES, &input.lines)?;
    let booking = Posting::new(MovementKind::Return, LINES);
    respond(ledger::post(tx, actor, &booking, lines_between(&from, &to, lines)))
}

/// Allowed transfers: between warehouses and between bags, out of use, back into use, and back from
/// a customer. From a warehouse to a bag is an issue, the opposite a return.
const ALLOWED_TRANSFERS: &[(Kind, &[Kind])] = &[
    (Kind::Warehouse, &[Kind::Warehouse, Kind::Damaged, Kind::Lost]),
    (Kind::Technician, &[Kind::Technician, Kind::Damaged, Kind::Lost]),
    (Kind::Customer, &[Kind::Warehouse, Kind::Damaged]),
    (Kind::Damaged, &[Kind::Warehouse, Kind::Lost]),
    (Kind::Lost, &[Kind::Warehouse, Kind::Damaged]),
];

/// Transfers goods between two locations of the organisation.
///
/// # Errors
/// Invalid fields; `WrongLocationKind`, `InsufficientStock`, `UnitNotAvailable`.
pub fn transfer(
    tx: &mut Tx<'_>,
    actor: &Actor,
    input: &TransferRequest,
) -> Result<MovementsResponse> {
    let input = input.parse()?;
    let starts: Vec<Kind> = ALLOWED_TRANSFERS.iter().map(|(start, _)| *start).collect();
    let from =
        locations::require_kind(tx.conn(), "from_location_id", input.from_location_id, &starts)?;
    let ends =
        ALLOWED_TRANSFERS.iter().find(|(start, _)| *start == from.kind).map(|(_, ends)| *ends);
    let ends = ends.unwrap_or_default();
    let to = locations::require_kind(tx.conn(), "to_location_id", input.to_location_id, ends)?;
    if from.id == to.id {
        return Err(Error::field("to_location_id", ErrorCode::WrongLocationKind));
    }
    let lines = movement_lines::resolve_lines(tx.conn(), LINES, &input.lines)?;
    let booking = Posting::new(MovementKind::Transfer, LINES);
    respond(ledger::post(tx, actor, &booking, lines_between(&from, &to, lines)))
}

/// Adjusts stock after counting.
///
/// # Errors
/// Invalid fields; `InsufficientStock` if more is removed than is booked.
pub fn adjust(
    tx: &mut Tx<'_>,
    actor: &Actor,
    input: &AdjustmentRequest,
) -> Result<MovementsResponse> {
    let input = input.parse()?;
    let counted = [Kind::Warehouse, Kind::Technician, Kind::Damaged, Kind::Lost];
    let place = locations::require_kind(tx.conn(), "location_id", input.location_id, &counted)?;
    let outside = locations::first_of_kind(tx.conn(), Kind::Adjustment)?;
    let lines = movement_lines::resolve_lines(tx.conn(), LINES, &input.lines)?;
    let line = |ResolvedLine { index, item, quantity, serials }| {
        let (from, to) = if quantity > 0 { (&outside, &place) } else { (&place, &outside) };
        let (from, to) = (from.clone(), to.clone());
        PostingLine { index, item, quantity: quantity.abs(), from, to, serials }
    };
    let moves = lines.into_iter().map(line).collect();
    let booking =
        Posting { reason: Some(&input.reason), ..Posting::new(MovementKind::Adjustment, LINES) };
    respond(ledger::post(tx, actor, &booking, moves))
}

fn respond(posted: Result<Vec<Movement>>) -> Result<MovementsResponse> {
    posted.map(|movements| MovementsResponse { movements })
}

fn unknown_reference(field: &str) -> Error {
    Error::field(field, ErrorCode::UnknownReference)
}

/// Hides other technicians' bags from the caller.
fn check_own(field: &str, own: Option<TechnicianId>, named: TechnicianId) -> Result<()> {
    match own {
        Some(own) if own != named => Err(unknown_reference(field)),
        _ => Ok(()),
    }
}
