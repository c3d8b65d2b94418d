//! Internet plans.

use db::tables::plans as table;
use db::{Conn, Cursor, Tx};
use shared::audit::AuditAction;
use shared::plan::{Plan, PlanInput};
use shared::{Page, PlanId};

use crate::Actor;
use crate::audit::{self, AuditEvent};
use crate::error::{OrNotFound, Result, check_version, map_unique_violation};
use crate::pagination::PageRequest;

/// Lists all plans by code.
pub fn list(conn: &mut Conn, page: &PageRequest) -> Result<Page<Plan>> {
    let rows = table::list(conn, page.cursor.as_ref(), page.fetch_limit())?;
    let total = page.with_total.then(|| table::count(conn)).transpose()?;
    Ok(page.page(rows, total, |row| Cursor::text(&row.code, row.id.0), Plan::from))
}

/// Returns a plan.
///
/// # Errors
/// `NotFound`.
pub fn get(conn: &mut Conn, id: PlanId) -> Result<Plan> {
    Ok(Plan::from(table::find(conn, id)?.or_not_found()?))
}

/// Creates a plan.
///
/// # Errors
/// Invalid fields; `Taken` (code).
pub fn create(tx: &mut Tx<'_>, actor: &Actor, input: &PlanInput) -> Result<Plan> {
    let input = input.clone().parse()?;
    let now = tx.now().naive_utc();
    let id = table::insert(tx.conn(), &input, now)
        .map_err(|error| map_unique_violation("code", error))?;
    let plan = Plan::from(table::find(tx.conn(), id)?.or_not_found()?);
    let event = AuditEvent { action: AuditAction::PlanCreate, entity_id: id.0 };
    audit::record::<Plan, _>(tx, actor, event, None, Some(&plan))?;
    Ok(plan)
}

/// Updates a plan.
///
/// # Errors
/// `NotFound`, `VersionMismatch`, invalid fields, `Taken` (code).
pub fn update(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: PlanId,
    expected: Option<i64>,
    input: &PlanInput,
) -> Result<Plan> {
    let before = Plan::from(table::find(tx.conn(), id)?.or_not_found()?);
    check_version(expected, before.version)?;
    let input = input.clone().parse()?;
    let now = tx.now().naive_utc();
    let changed = table::update(tx.conn(), id, before.version, &input, now)
        .map_err(|error| map_unique_violation("code", error))?;
    if !changed {
        return Err(db::DbError::Conflict.into());
    }
    let after = Plan::from(table::find(tx.conn(), id)?.or_not_found()?);
    let event = AuditEvent { action: AuditAction::PlanUpdate, entity_id: id.0 };
    audit::record(tx, actor, event, Some(&before), Some(&after))?;
    Ok(after)
}
