//! Material of jobs: planned quantities, and issues and usages from the ledger.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use shared::inventory::MovementKind;
use shared::{ItemId, JobId, LocationId};

use crate::conn::Conn;
use crate::error::DbError;
use crate::schema::job_materials as table;

/// Plans an item for a job.
pub fn insert(conn: &mut Conn, job: JobId, item: ItemId, planned: i64) -> Result<(), DbError> {
    let row = (table::job_id.eq(job), table::item_id.eq(item), table::planned.eq(planned));
    diesel::insert_into(table::table).values(row).execute(conn)?;
    Ok(())
}

/// Planned quantities of the job, per item.
pub fn planned(conn: &mut Conn, job: JobId) -> Result<Vec<(ItemId, i64)>, DbError> {
    Ok(table::table
        .filter(table::job_id.eq(job))
        .order(table::item_id)
        .select((table::item_id, table::planned))
        .load(conn)?)
}

/// Whether any job plans an item.
pub fn is_planned(conn: &mut Conn, item: ItemId) -> Result<bool, DbError> {
    let planned = table::table.filter(table::item_id.eq(item));
    Ok(diesel::select(diesel::dsl::exists(planned)).get_result(conn)?)
}

/// Total quantity of one item, movement kind and bag.
#[derive(Debug, Clone, QueryableByName)]
pub struct MaterialMovement {
    #[diesel(sql_type = BigInt)]
    pub item_id: ItemId,
    #[diesel(sql_type = Text)]
    pub kind: MovementKind,
    /// The technician's bag of an issue or usage.
    #[diesel(sql_type = BigInt)]
    pub bag: LocationId,
    #[diesel(sql_type = BigInt)]
    pub quantity: i64,
}

/// Issues and usages for a job, minus reversals.
pub fn net_movements(conn: &mut Conn, job: JobId) -> Result<Vec<MaterialMovement>, DbError> {
    Ok(diesel::sql_query(
        "SELECT item_id, kind, bag, CAST(SUM(quantity) AS BIGINT) AS quantity FROM (
             SELECT m.item_id, m.kind, m.quantity,
                    CASE m.kind WHEN 'issue' THEN m.to_location_id
                                ELSE m.from_location_id END AS bag
               FROM movements m
              WHERE m.job_id = $1 AND m.kind IN ('issue', 'usage')
             UNION ALL
             SELECT o.item_id, o.kind, -o.quantity,
                    CASE o.kind WHEN 'issue' THEN o.to_location_id
                                ELSE o.from_location_id END
               FROM movements r JOIN movements o ON o.id = r.reverses_id
              WHERE o.job_id = $1 AND o.kind IN ('issue', 'usage')
         ) AS entries
         GROUP BY item_id, kind, bag",
    )
    .bind::<BigInt, _>(job)
    .load(conn)?)
}

/// A serialised unit that was issued to or used for a job.
#[derive(Debug, Clone, QueryableByName)]
pub struct JobUnit {
    #[diesel(sql_type = BigInt)]
    pub item_id: ItemId,
    #[diesel(sql_type = Text)]
    pub kind: MovementKind,
    #[diesel(sql_type = Text)]
    pub serial_number: String,
}

/// Units of the job's issues and usages, without reversed ones.
pub fn units_for_job(conn: &mut Conn, job: JobId) -> Result<Vec<JobUnit>, DbError> {
    Ok(diesel::sql_query(
        "SELECT m.item_id, m.kind, u.serial_number
           FROM movements m
           JOIN movement_units mu ON mu.movement_id = m.id
           JOIN units u ON u.id = mu.unit_id
          WHERE m.job_id = $1 AND m.kind IN ('issue', 'usage')
            AND NOT EXISTS (SELECT 1 FROM movements r WHERE r.reverses_id = m.id)
          ORDER BY m.id, u.id",
    )
    .bind::<BigInt, _>(job)
    .load(conn)?)
}
