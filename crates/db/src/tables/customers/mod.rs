//! Customers.

mod list;
mod lookups;
mod searched_texts;

pub use list::{CustomerFilter, count, list, search};
pub use lookups::*;
pub use searched_texts::refresh_search_text;
pub(crate) use searched_texts::rewrite_search_text;

use std::collections::HashMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use shared::customer::CustomerStatus;
use shared::{CustomerId, PhoneNumber, PlanId};

use crate::conn::Conn;
use crate::device_serials;
use crate::error::DbError;
use crate::schema::customers as table;

/// A row of the table.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = table)]
pub struct CustomerRow {
    pub id: CustomerId,
    pub number: String,
    pub name: String,
    pub phone: PhoneNumber,
    pub second_phone: Option<PhoneNumber>,
    pub email: Option<String>,
    pub address: String,
    pub area: Option<String>,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    pub plan_id: Option<PlanId>,
    pub status: CustomerStatus,
    /// Encrypted; see [`super::customer_niks`].
    pub nik: Option<Vec<u8>>,
    pub odp: Option<String>,
    pub notes: Option<String>,
    pub version: i64,
    pub created_at: NaiveDateTime,
    pub updated_at: NaiveDateTime,
}

/// A customer, the plan's code, and whether there is a photo of the identity card.
pub type CustomerWithPlanCode = (CustomerRow, Option<String>, bool);

/// What users and imports can set, except the identity number, whose encryption needs the row's id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Insertable, AsChangeset)]
#[diesel(table_name = table, treat_none_as_null = true)]
pub struct CustomerValues {
    pub number: String,
    pub name: String,
    pub phone: PhoneNumber,
    pub second_phone: Option<PhoneNumber>,
    pub email: Option<String>,
    pub address: String,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    pub plan_id: Option<PlanId>,
    pub status: CustomerStatus,
    pub area: Option<String>,
    pub odp: Option<String>,
    pub notes: Option<String>,
}

impl From<CustomerRow> for CustomerValues {
    fn from(row: CustomerRow) -> Self {
        Self {
            number: row.number,
            name: row.name,
            phone: row.phone,
            second_phone: row.second_phone,
            email: row.email,
            address: row.address,
            latitude: row.latitude,
            longitude: row.longitude,
            plan_id: row.plan_id,
            status: row.status,
            area: row.area,
            odp: row.odp,
            notes: row.notes,
        }
    }
}

#[derive(Insertable)]
#[diesel(table_name = table)]
struct NewCustomerRow {
    #[diesel(embed)]
    values: CustomerValues,
    search_text: String,
    created_at: NaiveDateTime,
    updated_at: NaiveDateTime,
}

impl NewCustomerRow {
    fn new(values: &CustomerValues, now: NaiveDateTime) -> Self {
        let search_text = values.search_text(&[]);
        Self { values: values.clone(), search_text, created_at: now, updated_at: now }
    }
}

/// Selects customers with the code of the plan and whether there is a photo of the identity card.
macro_rules! with_plan_code {
    ($query:expr) => {
        $query.select((
            CustomerRow::as_select(),
            sql::<Nullable<Text>>("(SELECT code FROM plans WHERE plans.id = customers.plan_id)"),
            sql::<Bool>(
                "EXISTS (SELECT 1 FROM identity_photos i WHERE i.customer_id = customers.id)",
            ),
        ))
    };
}

use with_plan_code;

/// Locks a customer until the end of the transaction. On SQLite there is one writer anyway.
pub fn lock(conn: &mut Conn, id: CustomerId) -> Result<(), DbError> {
    if let Conn::Postgres(conn) = conn {
        let row = table::table.find(id).select(table::id).for_update();
        row.first::<CustomerId>(conn).optional()?;
    }
    Ok(())
}

/// Adds a customer.
pub fn insert(
    conn: &mut Conn,
    values: &CustomerValues,
    now: NaiveDateTime,
) -> Result<CustomerId, DbError> {
    let row = NewCustomerRow::new(values, now);
    Ok(diesel::insert_into(table::table).values(row).returning(table::id).get_result(conn)?)
}

/// Rows per statement, below the limit of bind parameters.
const BATCH: usize = 400;

/// Adds many customers with few round trips. Returns their ids in the same order.
pub fn insert_many(
    conn: &mut Conn,
    values: &[CustomerValues],
    now: NaiveDateTime,
) -> Result<Vec<CustomerId>, DbError> {
    let row = |values| NewCustomerRow::new(values, now);
    let mut ids = Vec::with_capacity(values.len());
    match conn {
        // There are no round trips to save, and diesel would start a transaction for a batch.
        Conn::Sqlite(conn) => {
            for values in values {
                let insert = diesel::insert_into(table::table).values(row(values));
                ids.push(insert.returning(table::id).get_result(conn)?);
            }
        }
        Conn::Postgres(conn) => {
            for batch in values.chunks(BATCH) {
                let rows: Vec<_> = batch.iter().map(row).collect();
                let insert = diesel::insert_into(table::table).values(rows);
                let made: Vec<(String, CustomerId)> =
                    insert.returning((table::number, table::id)).get_results(conn)?;
                let made: HashMap<String, CustomerId> = made.into_iter().collect();
                ids.extend(batch.iter().filter_map(|values| made.get(&values.number)));
            }
        }
    }
    Ok(ids)
}

/// Updates a customer that still has `version`; false if it was changed meanwhile.
pub fn update(
    conn: &mut Conn,
    id: CustomerId,
    version: i64,
    values: &CustomerValues,
    now: NaiveDateTime,
) -> Result<bool, DbError> {
    let devices = device_serials::serials_of(conn, id)?;
    let row = table::table.filter(table::id.eq(id).and(table::version.eq(version)));
    let changed = diesel::update(row)
        .set((
            values,
            table::search_text.eq(values.search_text(&devices)),
            table::version.eq(version + 1),
            table::updated_at.eq(now),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}

/// Deletes a customer that still has `version`; false if it was changed meanwhile.
pub fn delete(conn: &mut Conn, id: CustomerId, version: i64) -> Result<bool, DbError> {
    let row = table::table.filter(table::id.eq(id).and(table::version.eq(version)));
    Ok(diesel::delete(row).execute(conn)? == 1)
}
