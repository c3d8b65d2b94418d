//! Stock that a technician can use for a job.

use db::Conn;
use db::tables::items;
use db::tables::job_materials::{self as table, MaterialMovement};
use shared::inventory::{ItemUnit, MovementKind};
use shared::{ItemId, JobId, LocationId};

use crate::Actor;
use crate::error::Result;
use crate::inventory::technician_stock::{self, TechnicianStockItem};

/// An item in the technician's bag, seen from a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobStockItem {
    /// The stock in the bag; serial numbers issued for this job come first.
    pub stock: TechnicianStockItem,
    /// Quantity that was issued for this job and is still in the bag.
    pub for_job: i64,
}

/// Lists the acting technician's bag: items issued for this job first, then the rest, each by name.
///
/// # Errors
/// `Forbidden` if the actor is not a technician.
pub fn job_stock(conn: &mut Conn, actor: &Actor, job: JobId) -> Result<Vec<JobStockItem>> {
    let bag = technician_stock::own_bag(conn, actor)?;
    let moved = table::net_movements(conn, job)?;
    let given: Vec<String> = table::units_for_job(conn, job)?
        .into_iter()
        .filter(|unit| unit.kind == MovementKind::Issue)
        .map(|unit| unit.serial_number)
        .collect();
    let with_job = |mut item: TechnicianStockItem| {
        item.serial_numbers.sort_by_key(|serial| !given.contains(serial));
        JobStockItem {
            for_job: left_for_job(&moved, item.item_id, bag).clamp(0, item.quantity),
            stock: item,
        }
    };
    let mut all: Vec<JobStockItem> =
        technician_stock::bag_stock(conn, bag)?.into_iter().map(with_job).collect();
    all.sort_by(|a, b| (a.for_job == 0, &a.stock.name).cmp(&(b.for_job == 0, &b.stock.name)));
    Ok(all)
}

fn left_for_job(moved: &[MaterialMovement], item: ItemId, bag: LocationId) -> i64 {
    let sum = |kind| -> i64 {
        let entries = moved.iter().filter(|entry| entry.item_id == item && entry.bag == bag);
        entries.filter(|entry| entry.kind == kind).map(|entry| entry.quantity).sum()
    };
    sum(MovementKind::Issue) - sum(MovementKind::Usage)
}

/// An item planned for a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedItem {
    pub name: String,
    pub unit: ItemUnit,
    pub quantity: i64,
}

/// The items planned for a job, by name.
pub fn planned_items(conn: &mut Conn, job: JobId) -> Result<Vec<PlannedItem>> {
    let lines = table::planned(conn, job)?;
    let ids: Vec<ItemId> = lines.iter().map(|(id, _)| *id).collect();
    let known = items::find_all(conn, &ids)?;
    let mut planned: Vec<PlannedItem> = known
        .into_iter()
        .filter_map(|item| {
            let (_, quantity) = lines.iter().find(|(id, _)| *id == item.id)?;
            Some(PlannedItem { name: item.name, unit: item.unit, quantity: *quantity })
        })
        .collect();
    planned.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(planned)
}
