//! Customers.

use std::collections::HashMap;

use chrono::NaiveDateTime;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable, Text};
use serde::{Deserialize, Serialize};
use shared::customer::{CustomerSort, CustomerStatus};
use shared::{CustomerId, PhoneNumber, PlanId, TechnicianId};

use crate::conn::{Backend, Conn, MultiBackend};
use crate::cursor::Cursor;
use crate::error::DbError;
use crate::prepared::Prepared;
use crate::schema::{customers as table, identity_photos, job_technicians, jobs};
use crate::search::{self, HiddenParts, Searchable};
use crate::tables::installed_devices;

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

impl CustomerValues {
    /// The value of `search_text`, with the serial numbers of the devices at the customer.
    fn search_text(&self, devices: &[String]) -> String {
        let second_phone = self.second_phone.as_ref().map(PhoneNumber::as_str);
        let optional = [second_phone, self.area.as_deref(), self.odp.as_deref()];
        let required = [&self.number, &self.name, self.phone.as_str(), &self.address];
        let parts: Vec<&str> = required
            .into_iter()
            .chain(optional.into_iter().flatten())
            .chain(devices.iter().map(String::as_str))
            .collect();
        search::search_text(&parts)
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

/// Filter of the customer list.
#[derive(Debug, Clone, Default)]
pub struct CustomerFilter {
    /// Words that all have to occur.
    pub words: Vec<String>,
    /// Not searched.
    pub hidden: HiddenParts,
    /// Any of these; all when empty.
    pub statuses: Vec<CustomerStatus>,
    pub plan_id: Option<PlanId>,
    /// Whatever the case.
    pub area: Option<String>,
    /// Only customers without coordinates.
    pub without_coordinates: bool,
    /// Only customers of this technician's jobs.
    pub technician_id: Option<TechnicianId>,
}

define_sql_function! {
    /// In lower case; SQLite changes only the letters of ASCII.
    fn lower(text: Nullable<Text>) -> Nullable<Text>;
}

type Filtered = table::BoxedQuery<'static, MultiBackend>;

fn filtered(backend: Backend, filter: &CustomerFilter) -> Filtered {
    let mut query = table::table.into_boxed();
    for condition in search::contains_all(backend, Searchable::Customers, &filter.words) {
        query = query.filter(condition);
    }
    for condition in search::contains_all_but(Searchable::Customers, filter.hidden, &filter.words) {
        query = query.filter(condition);
    }
    match filter.statuses.as_slice() {
        [] => {}
        [one] => query = query.filter(table::status.eq(*one)),
        several => query = query.filter(table::status.eq_any(several.to_vec())),
    }
    if let Some(plan_id) = filter.plan_id {
        query = query.filter(table::plan_id.eq(plan_id));
    }
    if let Some(area) = &filter.area {
        query = query.filter(lower(table::area).eq(lower(area.clone())));
    }
    if filter.without_coordinates {
        query = query.filter(table::latitude.is_null());
    }
    if let Some(technician_id) = filter.technician_id {
        query = query.filter(table::id.eq_any(customers_of(technician_id)));
    }
    query
}

#[diesel::dsl::auto_type]
fn customers_of(technician_id: TechnicianId) -> _ {
    jobs::table
        .inner_join(job_technicians::table)
        .filter(job_technicians::technician_id.eq(technician_id))
        .select(jobs::customer_id)
}

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

/// Customers in the order of `sort`, after `cursor`.
pub fn list(
    conn: &mut Conn,
    filter: &CustomerFilter,
    sort: CustomerSort,
    cursor: Option<&Cursor>,
    limit: i64,
) -> Result<Vec<CustomerWithPlanCode>, DbError> {
    let mut query = filtered(conn.backend(), filter);
    if let Some(cursor) = cursor {
        query = after(query, sort, cursor);
    }
    let query = match sort {
        CustomerSort::NewestFirst => query.order((table::created_at.desc(), table::id.desc())),
        CustomerSort::OldestFirst => query.order((table::created_at.asc(), table::id.asc())),
        CustomerSort::Name => query.order((table::name.asc(), table::id.asc())),
        CustomerSort::NameDescending => query.order((table::name.desc(), table::id.desc())),
        CustomerSort::Number => query.order(table::number.asc()),
        CustomerSort::NumberDescending => query.order(table::number.desc()),
    };
    Ok(with_plan_code!(query).limit(limit).load(conn)?)
}

fn after(query: Filtered, sort: CustomerSort, cursor: &Cursor) -> Filtered {
    let id = CustomerId(cursor.id);
    let text = cursor.as_text().to_owned();
    let time = cursor.as_time().unwrap_or_default();
    use table::{created_at, name, number};
    match sort {
        CustomerSort::NewestFirst => {
            query.filter(created_at.le(time).and(created_at.lt(time).or(table::id.lt(id))))
        }
        CustomerSort::OldestFirst => {
            query.filter(created_at.ge(time).and(created_at.gt(time).or(table::id.gt(id))))
        }
        CustomerSort::Name => {
            query.filter(name.ge(text.clone()).and(name.gt(text).or(table::id.gt(id))))
        }
        CustomerSort::NameDescending => {
            query.filter(name.le(text.clone()).and(name.lt(text).or(table::id.lt(id))))
        }
        CustomerSort::Number => query.filter(number.gt(text)),
        CustomerSort::NumberDescending => query.filter(number.lt(text)),
    }
}

/// The cursor of a row in a list with this sort order.
pub fn cursor_of(row: &CustomerRow, sort: CustomerSort) -> Cursor {
    match sort {
        CustomerSort::NewestFirst | CustomerSort::OldestFirst => {
            Cursor::time(row.created_at, row.id.0)
        }
        CustomerSort::Name | CustomerSort::NameDescending => Cursor::text(&row.name, row.id.0),
        CustomerSort::Number | CustomerSort::NumberDescending => {
            Cursor::text(&row.number, row.id.0)
        }
    }
}

/// Counts the matching customers.
pub fn count(conn: &mut Conn, filter: &CustomerFilter) -> Result<i64, DbError> {
    Ok(filtered(conn.backend(), filter).count().get_result(conn)?)
}

/// Finds a customer; with a technician, only among the customers of that technician's jobs.
pub fn find(
    conn: &mut Conn,
    id: CustomerId,
    technician_id: Option<TechnicianId>,
) -> Result<Option<CustomerWithPlanCode>, DbError> {
    let filter = CustomerFilter { technician_id, ..CustomerFilter::default() };
    let query = filtered(conn.backend(), &filter).filter(table::id.eq(id));
    Ok(Prepared(with_plan_code!(query)).get_result(conn).optional()?)
}

/// Locks a customer until the end of the transaction. On SQLite there is one writer anyway.
pub fn lock(conn: &mut Conn, id: CustomerId) -> Result<(), DbError> {
    if let Conn::Postgres(conn) = conn {
        let row = table::table.find(id).select(table::id).for_update();
        row.first::<CustomerId>(conn).optional()?;
    }
    Ok(())
}

/// Returns those of the numbers that are in use. At most a few hundred at once.
pub fn numbers_in_use(conn: &mut Conn, numbers: &[String]) -> Result<Vec<String>, DbError> {
    let rows = table::table.filter(table::number.eq_any(numbers.to_vec()));
    Ok(rows.select(table::number).load(conn)?)
}

/// The customers with these numbers. At most a few hundred at once.
pub fn find_by_numbers(conn: &mut Conn, numbers: &[&str]) -> Result<Vec<CustomerRow>, DbError> {
    let numbers: Vec<String> = numbers.iter().map(|&number| number.to_owned()).collect();
    let rows = table::table.filter(table::number.eq_any(numbers));
    Ok(rows.select(CustomerRow::as_select()).load(conn)?)
}

/// The customers with these phone numbers, oldest first. At most a few hundred at once.
pub fn find_by_phones(
    conn: &mut Conn,
    phones: &[&PhoneNumber],
) -> Result<Vec<CustomerRow>, DbError> {
    let phones: Vec<PhoneNumber> = phones.iter().map(|&phone| phone.clone()).collect();
    let rows = table::table.filter(table::phone.eq_any(phones)).order(table::id);
    Ok(rows.select(CustomerRow::as_select()).load(conn)?)
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

/// Brings `search_text` up to date after a device was installed or removed. The version stays: nobody edited the
/// customer.
pub fn refresh_search_text(conn: &mut Conn, id: CustomerId) -> Result<(), DbError> {
    let found = table::table.find(id).select((CustomerRow::as_select(), table::search_text));
    let found: Option<(CustomerRow, String)> = found.first(conn).optional()?;
    let Some((row, before)) = found else { return Ok(()) };
    let devices = installed_devices::serials_of(conn, id)?;
    let text = CustomerValues::from(row).search_text(&devices);
    if text != before {
        diesel::update(table::table.find(id)).set(table::search_text.eq(text)).execute(conn)?;
    }
    Ok(())
}

/// Updates a customer that still has `version`; false if it was changed meanwhile.
pub fn update(
    conn: &mut Conn,
    id: CustomerId,
    version: i64,
    values: &CustomerValues,
    now: NaiveDateTime,
) -> Result<bool, DbError> {
    let devices = installed_devices::serials_of(conn, id)?;
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

/// The versions of those of the customers that exist. At most a few hundred at once.
pub fn versions(conn: &mut Conn, ids: &[CustomerId]) -> Result<Vec<(CustomerId, i64)>, DbError> {
    let rows = table::table.filter(table::id.eq_any(ids.to_vec()));
    Ok(rows.select((table::id, table::version)).load(conn)?)
}

/// Those of the customers with a job or a photo of an identity card. At most a few hundred at once.
pub fn in_use(conn: &mut Conn, ids: &[CustomerId]) -> Result<Vec<CustomerId>, DbError> {
    let with_jobs = jobs::table.filter(jobs::customer_id.eq_any(ids.to_vec()));
    let mut used: Vec<CustomerId> = with_jobs.select(jobs::customer_id).distinct().load(conn)?;
    let with_photos =
        identity_photos::table.filter(identity_photos::customer_id.eq_any(ids.to_vec()));
    let photos: Vec<Option<CustomerId>> =
        with_photos.select(identity_photos::customer_id).load(conn)?;
    used.extend(photos.into_iter().flatten());
    Ok(used)
}

/// Deletes a customer that still has `version`; false if it was changed meanwhile.
pub fn delete(conn: &mut Conn, id: CustomerId, version: i64) -> Result<bool, DbError> {
    let row = table::table.filter(table::id.eq(id).and(table::version.eq(version)));
    Ok(diesel::delete(row).execute(conn)? == 1)
}

/// The customers with one of these numbers as their first or second phone number, oldest first; with a technician, only
/// among the customers of that technician's jobs.
pub fn with_phone(
    conn: &mut Conn,
    phones: &[PhoneNumber],
    technician_id: Option<TechnicianId>,
    limit: i64,
) -> Result<Vec<CustomerWithPlanCode>, DbError> {
    let filter = CustomerFilter { technician_id, ..CustomerFilter::default() };
    let second = table::second_phone.assume_not_null().eq_any(phones.to_vec());
    let query = filtered(conn.backend(), &filter)
        .filter(table::phone.eq_any(phones.to_vec()).or(second))
        .order(table::id)
        .limit(limit);
    Ok(with_plan_code!(query).load(conn)?)
}

/// The customers with this name and address, whatever the case, oldest first.
pub fn with_name_and_address(
    conn: &mut Conn,
    name: &str,
    address: &str,
    technician_id: Option<TechnicianId>,
    limit: i64,
) -> Result<Vec<CustomerWithPlanCode>, DbError> {
    let filter = CustomerFilter { technician_id, ..CustomerFilter::default() };
    let query = filtered(conn.backend(), &filter)
        .filter(lower(table::name.nullable()).eq(lower(name.to_owned())))
        .filter(lower(table::address.nullable()).eq(lower(address.to_owned())))
        .order(table::id)
        .limit(limit);
    Ok(with_plan_code!(query).load(conn)?)
}

/// The customers whose identity number has one of these hashes, oldest first.
pub fn with_nik_hash(
    conn: &mut Conn,
    hashes: &[String],
    technician_id: Option<TechnicianId>,
    limit: i64,
) -> Result<Vec<CustomerWithPlanCode>, DbError> {
    let filter = CustomerFilter { technician_id, ..CustomerFilter::default() };
    let query = filtered(conn.backend(), &filter)
        .filter(table::nik_hash.assume_not_null().eq_any(hashes.to_vec()))
        .order(table::id)
        .limit(limit);
    Ok(with_plan_code!(query).load(conn)?)
}
