//! Plans.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use shared::plan::PlanInput;
use shared::{PlanId, Rupiah};

use crate::conn::Conn;
use crate::cursor::Cursor;
use crate::error::DbError;
use crate::schema::plans as table;

/// A row of the table.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = table)]
pub struct PlanRow {
    pub id: PlanId,
    pub code: String,
    pub name: String,
    pub speed_mbps: i32,
    pub price: Rupiah,
    pub version: i64,
}

impl From<PlanRow> for shared::plan::Plan {
    fn from(row: PlanRow) -> Self {
        let PlanRow { id, code, name, speed_mbps, price, version } = row;
        Self { id, code, name, speed_mbps, price, version }
    }
}

/// Plans by code, after `cursor`.
pub fn list(conn: &mut Conn, cursor: Option<&Cursor>, limit: i64) -> Result<Vec<PlanRow>, DbError> {
    let mut query = table::table.select(PlanRow::as_select()).into_boxed();
    if let Some(cursor) = cursor {
        query = query.filter(table::code.gt(cursor.as_text().to_owned()));
    }
    Ok(query.order(table::code).limit(limit).load(conn)?)
}

/// Counts the plans.
pub fn count(conn: &mut Conn) -> Result<i64, DbError> {
    Ok(table::table.count().get_result(conn)?)
}

/// One plan.
pub fn find(conn: &mut Conn, id: PlanId) -> Result<Option<PlanRow>, DbError> {
    Ok(table::table.find(id).select(PlanRow::as_select()).first(conn).optional()?)
}

/// The plan with this code.
pub fn find_by_code(conn: &mut Conn, code: &str) -> Result<Option<PlanRow>, DbError> {
    let row = table::table.filter(table::code.eq(code)).select(PlanRow::as_select());
    Ok(row.first(conn).optional()?)
}

/// Adds a plan.
pub fn insert(conn: &mut Conn, input: &PlanInput, now: NaiveDateTime) -> Result<PlanId, DbError> {
    let row = (
        table::code.eq(&input.code),
        table::name.eq(&input.name),
        table::speed_mbps.eq(input.speed_mbps),
        table::price.eq(input.price),
        table::created_at.eq(now),
        table::updated_at.eq(now),
    );
    Ok(diesel::insert_into(table::table).values(row).returning(table::id).get_result(conn)?)
}

/// Updates a plan that still has `version`; false if it was changed meanwhile.
pub fn update(
    conn: &mut Conn,
    id: PlanId,
    version: i64,
    input: &PlanInput,
    now: NaiveDateTime,
) -> Result<bool, DbError> {
    let row = table::table.filter(table::id.eq(id).and(table::version.eq(version)));
    let changed = diesel::update(row)
        .set((
            table::code.eq(&input.code),
            table::name.eq(&input.name),
            table::speed_mbps.eq(input.speed_mbps),
            table::price.eq(input.price),
            table::version.eq(version + 1),
            table::updated_at.eq(now),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}
