//! Materials of a job: planned, issued and used.

use db::tables::items::{self, ItemRow};
use db::tables::job_materials::{self as table, MaterialMovement};
use db::tables::job_timeline::NewTimelineEntry;
use db::tables::locations::LocationRow;
use db::tables::{balances, installed_devices, serial_units};
use db::{Conn, Tx};
use shared::inventory::{Line, LocationKind, Movement, MovementKind, UnitState};
use shared::job::{
    DeviceCondition, DeviceMove, JobMaterial, JobType, RETURNED_SERIAL_NUMBER, TimelineKind,
    TransitionInput,
};
use shared::settings::Settings;
use shared::validate::FieldFault;
use shared::{CustomerId, ErrorCode, ItemId, JobId, LocationId, TechnicianId};

use crate::Actor;
use crate::error::{Error, Result};
use crate::inventory::ledger::{self, Posting, PostingLine};
use crate::inventory::{locations, movement_lines};
use crate::outbox::{self, MissingItem, Notice, Recipient};

/// Copies the default material list of the job type to the job.
pub fn plan_materials(
    tx: &mut Tx<'_>,
    job_id: JobId,
    settings: &Settings,
    job_type: JobType,
) -> Result<()> {
    let materials = settings.for_job_type(job_type).materials;
    if materials.is_empty() {
        return Ok(());
    }
    let ids: Vec<ItemId> = materials.iter().map(|line| line.item_id).collect();
    let known = items::find_all(tx.conn(), &ids)?;
    for line in materials.iter().filter(|line| known.iter().any(|item| item.id == line.item_id)) {
        table::insert(tx.conn(), job_id, line.item_id, line.quantity)?;
    }
    Ok(())
}

/// Issues the planned materials from the first warehouse to the bag of the accepting technician, as
/// far as stock allows. Short stock never blocks: the admins are notified, and what is missing is
/// returned.
///
/// What the same technician received for this job before and has not used counts as issued.
pub fn issue_on_accept(
    tx: &mut Tx<'_>,
    actor: &Actor,
    job_id: JobId,
    job_number: &str,
    technician_id: TechnicianId,
) -> Result<Vec<MissingItem>> {
    let planned = table::planned(tx.conn(), job_id)?;
    if planned.is_empty() {
        return Ok(Vec::new());
    }
    let from = locations::first_of_kind(tx.conn(), LocationKind::Warehouse)?;
    let (to, _) = locations::bag(tx.conn(), technician_id)?;
    let moved = table::net_movements(tx.conn(), job_id)?;
    let (mut moves, mut missing) = (Vec::new(), Vec::new());
    // In the order of item ids, like every movement, because each item gets locked.
    for (index, (item_id, planned)) in planned.into_iter().enumerate() {
        let wanted = quantity_to_issue(planned, item_id, to.id, &moved);
        if wanted <= 0 {
            continue;
        }
        items::change_on_hand(tx.conn(), item_id, 0)?;
        let Some(item) = items::find(tx.conn(), item_id)? else { continue };
        let (quantity, serials) = available_stock(tx.conn(), &item, &from, wanted)?;
        if quantity < wanted {
            let (name, quantity) = (item.name.clone(), wanted - quantity);
            missing.push(MissingItem { item_id, name, quantity });
        }
        if quantity > 0 {
            moves.push(PostingLine {
                index,
                item,
                quantity,
                from: from.clone(),
                to: to.clone(),
                serials,
            });
        }
    }
    let booking =
        Posting { field: None, job_id: Some(job_id), ..Posting::new(MovementKind::Issue, "") };
    ledger::post(tx, actor, &booking, moves)?;
    notify_admins(tx, job_id, job_number, technician_id, &missing)?;
    Ok(missing)
}

/// Quantity still needed for the job, less what the bag already holds for it.
fn quantity_to_issue(
    planned: i64,
    item: ItemId,
    bag: LocationId,
    moved: &[MaterialMovement],
) -> i64 {
    let sum = |kind: MovementKind, only: Option<LocationId>| -> i64 {
        let entries = moved.iter().filter(|entry| entry.item_id == item && entry.kind == kind);
        entries
            .filter(|entry| only.is_none_or(|bag| bag == entry.bag))
            .map(|entry| entry.quantity)
            .sum()
    };
    let needed = planned - sum(MovementKind::Usage, None);
    let in_bag = sum(MovementKind::Issue, Some(bag)) - sum(MovementKind::Usage, Some(bag));
    needed - in_bag.max(0)
}

/// The part of `wanted` that a location can provide, and the oldest units of a serialised item.
fn available_stock(
    conn: &mut Conn,
    item: &ItemRow,
    from: &LocationRow,
    wanted: i64,
) -> Result<(i64, Vec<String>)> {
    if !item.serialized {
        let there = balances::quantity(conn, item.id, from.id)?;
        return Ok((there.min(wanted), Vec::new()));
    }
    let units = serial_units::oldest(conn, item.id, from.id, UnitState::InStock, wanted)?;
    let serials: Vec<String> = units.into_iter().map(|unit| unit.serial_number).collect();
    Ok((serials.len() as i64, serials))
}

fn notify_admins(
    tx: &mut Tx<'_>,
    job_id: JobId,
    number: &str,
    technician_id: TechnicianId,
    missing: &[MissingItem],
) -> Result<()> {
    if missing.is_empty() {
        return Ok(());
    }
    let dedupe_key = format!("job:{job_id}:{technician_id}:{}", tx.now().timestamp_micros());
    let notice =
        Notice::ShortStock { job_id, number: number.to_owned(), missing: missing.to_vec() };
    outbox::enqueue(tx, Recipient::Admins, &notice, &dedupe_key)
}

/// Returns the materials that a completion uses, after a device that was taken back has been moved
/// into the technician's bag.
///
/// # Errors
/// `UnitNotAvailable` if a device that is taken back is neither at a customer nor in the bag;
/// `DeviceInstalled` if the device hangs at another customer.
pub fn move_device(
    tx: &mut Tx<'_>,
    actor: &Actor,
    job_id: JobId,
    customer: CustomerId,
    technician: TechnicianId,
    device: DeviceMove,
    step: &TransitionInput,
) -> Result<Vec<Line>> {
    // A reopened job may be completed with another serial number: the first one was wrong then.
    installed_devices::delete_of_job(tx.conn(), job_id)?;
    if let Some(serial) = &step.ont_serial_number {
        check_not_elsewhere(tx, customer, serial)?;
    }
    if let Some(device) = &step.returned_device {
        let serial = &device.serial_number;
        check_not_elsewhere(tx, customer, serial)?;
        take_back(tx, actor, job_id, technician, RETURNED_SERIAL_NUMBER, serial)?;
        if device.condition == DeviceCondition::Damaged {
            let now = tx.now().naive_utc();
            serial_units::set_damaged(tx.conn(), serial, now)?;
        }
        installed_devices::delete(tx.conn(), serial)?;
    }
    match device {
        DeviceMove::Installed => {
            if let Some(serial) = &step.ont_serial_number {
                record_installation(tx, job_id, customer, serial)?;
            }
            include_ont(tx.conn(), technician, step)
        }
        DeviceMove::TakenBack => {
            if let Some(serial) = &step.ont_serial_number {
                take_back(tx, actor, job_id, technician, "ont_serial_number", serial)?;
                installed_devices::delete(tx.conn(), serial)?;
            }
            Ok(step.materials.clone())
        }
    }
}

/// Records where the device hangs. Of two completions at the same instant one waits for the other at the
/// key of the table.
fn record_installation(
    tx: &mut Tx<'_>,
    job_id: JobId,
    customer: CustomerId,
    serial: &str,
) -> Result<()> {
    let now = tx.now().naive_utc();
    if installed_devices::insert(tx.conn(), serial, customer, job_id, now)? {
        return Ok(());
    }
    check_not_elsewhere(tx, customer, serial)
}

/// Rejects a device that hangs at another customer, whether it is to be installed or taken back.
fn check_not_elsewhere(tx: &mut Tx<'_>, customer: CustomerId, serial: &str) -> Result<()> {
    match installed_devices::find(tx.conn(), serial)? {
        Some(known) if known.customer_id != customer => {
            let zone = tx.time_zone();
            let since = known.installed_at.and_utc().with_timezone(&zone).format("%d-%m-%Y");
            let place = format!("{}, {} ({since})", known.customer_name, known.job_number);
            Err(Error::refuse_with(ErrorCode::DeviceInstalled, place))
        }
        _ => Ok(()),
    }
}

/// Moves a device from the customer into the bag. A serial number that the warehouse never had is a
/// device of which no item is known; it is kept in the job only. `field` names it in the request.
fn take_back(
    tx: &mut Tx<'_>,
    actor: &Actor,
    job_id: JobId,
    technician: TechnicianId,
    field: &str,
    serial: &str,
) -> Result<()> {
    let Some(unit) = serial_units::find_by_serial(tx.conn(), serial)? else { return Ok(()) };
    let (bag, _) = locations::bag(tx.conn(), technician)?;
    if unit.location_id == bag.id {
        return Ok(());
    }
    let from = locations::first_of_kind(tx.conn(), LocationKind::Customer)?;
    if unit.location_id != from.id {
        let fault = FieldFault::new(field, ErrorCode::UnitNotAvailable);
        return Err(vec![FieldFault { param: Some(serial.to_owned()), ..fault }].into());
    }
    let Some(item) = items::find(tx.conn(), unit.item_id)? else { return Ok(()) };
    let line = PostingLine {
        index: 0,
        item,
        quantity: 1,
        from,
        to: bag,
        serials: vec![serial.to_owned()],
    };
    let booking =
        Posting { field: None, job_id: Some(job_id), ..Posting::new(MovementKind::Return, "") };
    let movements = ledger::post(tx, actor, &booking, vec![line])?;
    add_timeline_entry(tx, actor, job_id, &movements)
}

/// Returns the materials of a completion, including the ONT with the given serial number if it is
/// in the bag but not listed: the stock must not say that it is still there.
fn include_ont(
    conn: &mut Conn,
    technician_id: TechnicianId,
    step: &TransitionInput,
) -> Result<Vec<Line>> {
    let mut lines = step.materials.clone();
    let Some(serial) = &step.ont_serial_number else { return Ok(lines) };
    let listed = lines.iter().filter_map(|line| line.serial_numbers.as_ref()).flatten();
    if listed.into_iter().any(|listed| listed == serial) {
        return Ok(lines);
    }
    let (bag, _) = locations::bag(conn, technician_id)?;
    let unit =
        serial_units::find_by_serial(conn, serial)?.filter(|unit| unit.location_id == bag.id);
    let Some(unit) = unit else { return Ok(lines) };
    match lines.iter_mut().find(|line| line.item_id == unit.item_id) {
        Some(line) => {
            line.quantity += 1;
            line.serial_numbers.get_or_insert_default().push(serial.clone());
        }
        None => lines.push(Line {
            item_id: unit.item_id,
            quantity: 1,
            serial_numbers: Some(vec![serial.clone()]),
        }),
    }
    Ok(lines)
}

/// Moves used material from the bag to the customer. `lines` are validated.
///
/// # Errors
/// `InsufficientStock`, `UnitNotAvailable`, `UnknownReference` (item).
pub fn consume_on_completion(
    tx: &mut Tx<'_>,
    actor: &Actor,
    job_id: JobId,
    technician_id: TechnicianId,
    lines: &[Line],
) -> Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    let used = consume_for_job(tx, actor, job_id, technician_id, lines, "materials")?;
    add_timeline_entry(tx, actor, job_id, &used)
}

/// Moves goods from a bag to the customer of a job.
pub(super) fn consume_for_job(
    tx: &mut Tx<'_>,
    actor: &Actor,
    job_id: JobId,
    technician: TechnicianId,
    lines: &[Line],
    field: &str,
) -> Result<Vec<Movement>> {
    let (from, _) = locations::bag(tx.conn(), technician)?;
    let to = locations::first_of_kind(tx.conn(), LocationKind::Customer)?;
    let lines = movement_lines::resolve_lines(tx.conn(), field, lines)?;
    let booking = Posting { job_id: Some(job_id), ..Posting::new(MovementKind::Usage, field) };
    ledger::post(tx, actor, &booking, movement_lines::lines_between(&from, &to, lines))
}

/// Adds the used material to the job's timeline.
pub(super) fn add_timeline_entry(
    tx: &mut Tx<'_>,
    actor: &Actor,
    job_id: JobId,
    movements: &[Movement],
) -> Result<()> {
    if movements.is_empty() {
        return Ok(());
    }
    let at = tx.now().naive_utc();
    let entry = NewTimelineEntry {
        job_id,
        kind: TimelineKind::Material,
        action: None,
        from_status: None,
        to_status: None,
        actor_id: Some(actor.user_id),
        actor_name: &actor.name,
        reason: None,
        detail: Some(&describe(movements)),
        device_time: None,
        latitude: None,
        longitude: None,
        at,
    };
    Ok(tx.add_timeline_entry(&entry)?)
}

/// Formats goods in one line: `35 m Kabel dropcore, 1 pcs Modem ONT (ZTEG1234)`.
pub fn describe(movements: &[Movement]) -> String {
    let one = |movement: &Movement| {
        let text =
            format!("{} {} {}", movement.quantity, movement.unit.symbol(), movement.item_name);
        match movement.serial_numbers.as_slice() {
            [] => text,
            serials => format!("{text} ({})", serials.join(", ")),
        }
    };
    movements.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// Planned, issued and used quantities of a job: one row per item, by code.
pub fn list(conn: &mut Conn, job_id: JobId) -> Result<Vec<JobMaterial>> {
    let planned = table::planned(conn, job_id)?;
    let moved = table::net_movements(conn, job_id)?;
    let units = table::units_for_job(conn, job_id)?;
    let mut ids: Vec<ItemId> = planned.iter().map(|(id, _)| *id).collect();
    ids.extend(moved.iter().map(|entry| entry.item_id));
    ids.sort_unstable();
    ids.dedup();
    let mut known = items::find_all(conn, &ids)?;
    known.sort_by(|a, b| a.code.cmp(&b.code));
    let row = |item: ItemRow| {
        let sum = |kind: MovementKind| -> i64 {
            let entries = moved.iter().filter(|entry| entry.item_id == item.id);
            entries.filter(|entry| entry.kind == kind).map(|entry| entry.quantity).sum()
        };
        let used = sum(MovementKind::Usage);
        let kind = if used > 0 { MovementKind::Usage } else { MovementKind::Issue };
        let serials = units.iter().filter(|unit| unit.item_id == item.id && unit.kind == kind);
        JobMaterial {
            planned: planned.iter().find(|(id, _)| *id == item.id).map_or(0, |(_, sum)| *sum),
            issued: sum(MovementKind::Issue),
            used,
            serial_numbers: serials.map(|unit| unit.serial_number.clone()).collect(),
            item_id: item.id,
            code: item.code,
            name: item.name,
            unit: item.unit.to_string(),
            serialized: item.serialized,
        }
    };
    Ok(known.into_iter().map(row).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ITEM: ItemId = ItemId(1);
    const BAG: LocationId = LocationId(7);
    const OTHER_BAG: LocationId = LocationId(8);

    fn moved(kind: MovementKind, bag: LocationId, quantity: i64) -> MaterialMovement {
        MaterialMovement { item_id: ITEM, kind, bag, quantity }
    }

    #[test]
    fn accepting_again_issues_only_what_is_still_needed() {
        use MovementKind::{Issue, Usage};
        assert_eq!(quantity_to_issue(50, ITEM, BAG, &[]), 50);
        assert_eq!(quantity_to_issue(50, ITEM, BAG, &[moved(Issue, BAG, 50)]), 0);
        assert_eq!(quantity_to_issue(50, ITEM, BAG, &[moved(Issue, BAG, 30)]), 20);
        assert_eq!(quantity_to_issue(50, ITEM, BAG, &[moved(Issue, OTHER_BAG, 50)]), 50);
        let half_used = [moved(Issue, BAG, 50), moved(Usage, BAG, 35)];
        assert_eq!(quantity_to_issue(50, ITEM, BAG, &half_used), 0);
        assert_eq!(quantity_to_issue(50, ITEM, OTHER_BAG, &half_used), 15);
        let used_more = [moved(Issue, BAG, 50), moved(Usage, BAG, 80)];
        assert!(quantity_to_issue(50, ITEM, BAG, &used_more) <= 0);
    }
}
