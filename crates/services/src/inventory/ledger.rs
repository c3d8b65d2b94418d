//! Inventory ledger: the only place that moves stock.
//!
//! Each movement takes from one location and adds to another in the same transaction, so the sum
//! over all locations stays zero. Taking is a conditional update: of concurrent movements the later
//! ones fail once nothing is left, and only the outside locations (suppliers, corrections) may fall
//! below zero.

use db::tables::items::{self, ItemRow};
use db::tables::locations::LocationRow;
use db::tables::movements::{self as table, NewMovement};
use db::tables::{balances, ledger_check};
use db::{Conn, DbError, Tx};
use serde::Serialize;
use shared::audit::AuditAction;
use shared::inventory::{LocationKind, Movement, MovementKind, MovementsResponse};
use shared::live::{InventoryEvent, LiveEvent};
use shared::validate::FieldFault;
use shared::{ErrorCode, ItemId, JobId, LocationId, MovementId};

use crate::Actor;
use crate::audit::{self, AuditEvent};
use crate::error::{Error, Refusal, Result};
use crate::inventory::low_stock;
use crate::inventory::serials::{self, UnitMove};

/// What all movements of one request have in common.
#[derive(Debug, Clone)]
pub(super) struct Posting<'a> {
    pub kind: MovementKind,
    /// Field of the request that holds the lines, for fault paths; `None` if it has no lines.
    pub field: Option<&'a str>,
    pub job_id: Option<JobId>,
    pub reverses_id: Option<MovementId>,
    pub reason: Option<&'a str>,
    pub supplier: Option<&'a str>,
    pub invoice_number: Option<&'a str>,
}

impl<'a> Posting<'a> {
    /// A posting of this kind for the lines in `field`.
    pub(super) fn new(kind: MovementKind, field: &'a str) -> Self {
        Self {
            kind,
            field: Some(field),
            job_id: None,
            reverses_id: None,
            reason: None,
            supplier: None,
            invoice_number: None,
        }
    }

    const fn action(&self) -> AuditAction {
        match self.kind {
            MovementKind::Receipt => AuditAction::InventoryReceipt,
            MovementKind::Issue => AuditAction::InventoryIssue,
            MovementKind::Usage => AuditAction::InventoryUsage,
            MovementKind::Return => AuditAction::InventoryReturn,
            MovementKind::Transfer => AuditAction::InventoryTransfer,
            MovementKind::Adjustment => AuditAction::InventoryAdjustment,
            MovementKind::Reversal => AuditAction::InventoryReversal,
        }
    }
}

/// A line to post.
#[derive(Debug, Clone)]
pub(super) struct PostingLine {
    /// Index of the line in the request.
    pub index: usize,
    pub item: ItemRow,
    /// Positive.
    pub quantity: i64,
    pub from: LocationRow,
    pub to: LocationRow,
    /// One per unit of a serialised item.
    pub serials: Vec<String>,
}

/// Posts movements, or fails with the faulty lines. The movements are returned in the order of the
/// request.
pub(super) fn post(
    tx: &mut Tx<'_>,
    actor: &Actor,
    booking: &Posting<'_>,
    mut moves: Vec<PostingLine>,
) -> Result<Vec<Movement>> {
    // All transactions lock items in the same order, which prevents deadlocks.
    moves.sort_by_key(|line| (line.item.id, line.index));
    let mut faults = Vec::new();
    let mut posted = Vec::with_capacity(moves.len());
    for line in &moves {
        if let Some(id) = post_line(tx, actor, booking, line, &mut faults)? {
            posted.push((line.index, id));
        }
    }
    if !faults.is_empty() {
        return Err(stock_refusal(booking, faults));
    }
    posted.sort_unstable();
    let ids: Vec<MovementId> = posted.into_iter().map(|(_, id)| id).collect();
    let Some(first) = ids.first() else { return Ok(Vec::new()) };
    let event = AuditEvent { action: booking.action(), entity_id: first.0 };
    let movements = table::find_all(tx.conn(), &ids)?;
    let response = MovementsResponse { movements };
    audit::record::<MovementsResponse, _>(tx, actor, event, None, Some(&response))?;
    Ok(response.movements)
}

fn post_line(
    tx: &mut Tx<'_>,
    actor: &Actor,
    booking: &Posting<'_>,
    line: &PostingLine,
    faults: &mut Vec<FieldFault>,
) -> Result<Option<MovementId>> {
    let PostingLine { item, quantity, from, to, .. } = line;
    let in_warehouse = |place: &LocationRow| i64::from(place.kind == LocationKind::Warehouse);
    let change = quantity * (in_warehouse(to) - in_warehouse(from));
    // First, because it locks the item.
    let stock = items::change_on_hand(tx.conn(), item.id, change)?;
    let taken = stock.is_some() && take(tx, item.id, from, *quantity)?;
    let Some(stock) = stock.filter(|_| taken) else {
        let there = balances::quantity(tx.conn(), item.id, from.id)?;
        let param = Some(format!("{there} {} {}", item.unit.symbol(), item.code));
        faults.push(FieldFault {
            field: field_path(booking, line, "quantity"),
            code: ErrorCode::InsufficientStock,
            param,
        });
        return Ok(None);
    };
    balances::add(tx.conn(), item.id, to.id, to.kind.may_be_negative(), *quantity)?;
    let now = tx.now().naive_utc();
    let entry = NewMovement {
        kind: booking.kind,
        item_id: item.id,
        quantity: *quantity,
        from_location_id: from.id,
        to_location_id: to.id,
        job_id: booking.job_id,
        reverses_id: booking.reverses_id,
        reason: booking.reason,
        supplier: booking.supplier,
        invoice_number: booking.invoice_number,
        created_by: actor.user_id,
        created_at: now,
    };
    let id = table::insert(tx.conn(), &entry)?;
    move_units(tx, actor, booking, line, id, faults)?;
    low_stock::check_level(tx, item.id, &stock, change < 0, &format!("movement:{id}"))?;
    tx.emit(LiveEvent::InventoryMoved(InventoryEvent {
        item_id: item.id,
        from_location_id: from.id,
        to_location_id: to.id,
        technician_ids: [from, to].iter().filter_map(|place| place.technician_id).collect(),
    }));
    Ok(Some(id))
}

/// Takes stock from a location; false if there is not enough.
fn take(tx: &mut Tx<'_>, item: ItemId, from: &LocationRow, quantity: i64) -> Result<bool> {
    if from.kind.may_be_negative() {
        balances::add(tx.conn(), item, from.id, true, -quantity)?;
        return Ok(true);
    }
    Ok(balances::take(tx.conn(), item, from.id, quantity)?)
}

fn move_units(
    tx: &mut Tx<'_>,
    actor: &Actor,
    booking: &Posting<'_>,
    line: &PostingLine,
    movement: MovementId,
    faults: &mut Vec<FieldFault>,
) -> Result<()> {
    let from_outside = matches!(booking.kind, MovementKind::Receipt | MovementKind::Adjustment)
        && line.from.kind.may_be_negative();
    let handover = UnitMove {
        item: &line.item,
        from: &line.from,
        to: &line.to,
        movement,
        may_be_new: from_outside,
        reversal: booking.reverses_id.is_some(),
    };
    for (index, serial) in line.serials.iter().enumerate() {
        let field = field_path(booking, line, &format!("serial_numbers[{index}]"));
        let why =
            serials::move_unit(tx, actor, &handover, serial).map_err(|error| match error {
                // A concurrent transaction has registered the same serial number.
                Error::Db(DbError::Query(query)) if db::is_unique_violation(&query) => {
                    Error::field(field.clone(), ErrorCode::Taken)
                }
                other => other,
            })?;
        if let Some(code) = why {
            faults.push(FieldFault { field, code, param: Some(serial.clone()) });
        }
    }
    Ok(())
}

fn field_path(booking: &Posting<'_>, line: &PostingLine, name: &str) -> String {
    booking.field.map(|field| format!("{field}[{}].{name}", line.index)).unwrap_or_default()
}

/// Builds the error: a conflict if stock is missing, otherwise invalid fields.
pub(super) fn stock_refusal(booking: &Posting<'_>, mut faults: Vec<FieldFault>) -> Error {
    faults.sort_by(|a, b| a.field.cmp(&b.field));
    let Some(conflict) = faults.iter().find(|fault| fault.code.status() == 409).cloned() else {
        return faults.into();
    };
    if booking.field.is_none() {
        faults.clear();
    }
    Error::Refused(Refusal { code: conflict.code, param: conflict.param, faults })
}

/// The result of [`check`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LedgerReport {
    pub items: i64,
    pub movements: i64,
    pub units: i64,
    /// Empty unless the program is faulty.
    pub discrepancies: Vec<Discrepancy>,
}

/// A stored sum that contradicts the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Discrepancy {
    /// `sum_is_zero`, `balance_is_sum_of_movements`, `on_hand_is_sum_of_warehouses`,
    /// `only_the_outside_owes` or `units_are_the_balance`.
    pub rule: String,
    pub item_id: ItemId,
    pub location_id: Option<LocationId>,
    pub expected: i64,
    pub actual: i64,
}

impl LedgerReport {
    /// Whether no discrepancy was found.
    pub fn is_sound(&self) -> bool {
        self.discrepancies.is_empty()
    }
}

impl std::fmt::Display for Discrepancy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: item {}", self.rule, self.item_id)?;
        if let Some(location) = self.location_id {
            write!(f, " at location {location}")?;
        }
        write!(f, ": expected {}, found {}", self.expected, self.actual)
    }
}

/// Checks the ledger: per item the sum over all locations is zero, each balance is the sum of its
/// movements, `on_hand` is the sum of the warehouses, only outside locations are negative, and a
/// serialised item has as many units as its balance says.
pub fn check(conn: &mut Conn) -> Result<LedgerReport> {
    let (items, movements, units) = ledger_check::size(conn)?;
    let discrepancy = |row: ledger_check::Discrepancy| Discrepancy {
        rule: row.rule,
        item_id: row.item_id,
        location_id: row.location_id,
        expected: row.expected,
        actual: row.actual,
    };
    let discrepancies = ledger_check::discrepancies(conn)?.into_iter().map(discrepancy).collect();
    Ok(LedgerReport { items, movements, units, discrepancies })
}
