//! Customers.

mod nik;
mod similar;

pub use nik::read_nik;
pub(crate) use nik::{encrypt_nik, nik_hashes, stored_nik};
pub use similar::similar;

use db::tables::customers::{
    self as table, CustomerFilter, CustomerRow, CustomerValues, CustomerWithPlanCode,
};
use db::tables::{customer_niks, jobs, plans};
use db::{Conn, DbError, Tx};
use serde::Serialize;
use shared::audit::AuditAction;
use shared::customer::{
    Customer, CustomerData, CustomerInput, CustomerQuery, CustomerSort, CustomerStatus,
};
use shared::live::{CustomerEvent, LiveEvent};
use shared::{CustomerId, ErrorCode, Page, Permission, PersonalData, PlanId};

use crate::Actor;
use crate::audit::{self, AuditEvent};
use crate::encryption::Cipher;
use crate::error::{Error, OrNotFound, Result, check_version};
use crate::pagination::PageRequest;
use crate::personal_data::search_query;

/// Name of the counter for customer numbers.
const NUMBER_COUNTER: &str = "customer";

/// Lists the customers that the actor may see.
///
/// # Errors
/// `Forbidden`, `OutOfRange` (limit), `InvalidCursor`, `InvalidText` (search).
pub fn list(
    conn: &mut Conn,
    cipher: &Cipher,
    actor: &Actor,
    query: &CustomerQuery,
) -> Result<Page<Customer>> {
    let page = PageRequest::parse(query.limit, query.cursor.as_deref(), query.with_total)?;
    let filter = CustomerFilter {
        search: search_query(actor, query.q.as_deref())?,
        statuses: query.status.clone().map(|list| list.0).unwrap_or_default(),
        plan_id: query.plan_id,
        area: query.area.as_deref().map(str::trim).filter(|area| !area.is_empty()).map(Into::into),
        without_coordinates: query.without_coordinates.unwrap_or(false),
        technician_id: actor.technician_limit(Permission::CustomersRead)?,
    };
    let sort = query.sort.unwrap_or(CustomerSort::NewestFirst);
    if filter.is_ranked(query.sort) {
        page.check_ranked_cursor()?;
    } else if matches!(sort, CustomerSort::NewestFirst | CustomerSort::OldestFirst) {
        page.check_time_cursor()?;
    }
    let (cursor, limit) = (page.cursor.as_ref(), page.fetch_limit());
    let found = table::search(conn, &filter, query.sort, cursor, limit)?;
    let total = page.with_total.then(|| table::count(conn, &filter)).transpose()?;
    Ok(page.page_of(found, total, |row| view_for(cipher, row, actor)))
}

/// Loads a customer that the actor may see.
///
/// # Errors
/// `Forbidden`, `NotFound`.
pub fn get(conn: &mut Conn, cipher: &Cipher, actor: &Actor, id: CustomerId) -> Result<Customer> {
    let technician_id = actor.technician_limit(Permission::CustomersRead)?;
    Ok(view_for(cipher, table::find(conn, id, technician_id)?.or_not_found()?, actor))
}

/// Rejects a customer that the actor may not see.
///
/// # Errors
/// `Forbidden`, `NotFound`.
pub(crate) fn check_visible(conn: &mut Conn, actor: &Actor, id: CustomerId) -> Result<()> {
    let technician_id = actor.technician_limit(Permission::CustomersRead)?;
    table::find(conn, id, technician_id)?.or_not_found().map(|_| ())
}

/// Creates a customer with the next number.
///
/// # Errors
/// Invalid fields; `UnknownReference` (plan).
pub fn create(
    tx: &mut Tx<'_>,
    cipher: &Cipher,
    actor: &Actor,
    input: &CustomerInput,
) -> Result<Customer> {
    let data = input.parse()?;
    check_plan(tx.conn(), data.plan_id)?;
    let number = next_numbers(tx, 1)?.pop().unwrap_or_default();
    let nik = nik::nik_to_store(data.nik.as_ref(), None)?;
    let values = to_values(number, data);
    let now = tx.now().naive_utc();
    let id = table::insert(tx.conn(), &values, now)?;
    if let Some(nik) = nik {
        customer_niks::set(tx.conn(), &[encrypt_nik(cipher, id, &nik)])?;
    }
    let row = table::find(tx.conn(), id, None)?.or_not_found()?;
    let event = AuditEvent { action: AuditAction::CustomerCreate, entity_id: id.0 };
    let created = to_customer(cipher, row);
    audit::record::<Customer, _>(tx, actor, event, None, Some(&created))?;
    tx.emit(LiveEvent::CustomerCreated(CustomerEvent { id, version: created.version }));
    // Unredacted: the caller has just sent these values.
    Ok(created)
}

/// Updates a customer. An absent status stays unchanged; so does an absent or masked NIK.
///
/// # Errors
/// `NotFound`, `VersionMismatch`, invalid fields, `UnknownReference` (plan).
pub fn update(
    tx: &mut Tx<'_>,
    cipher: &Cipher,
    actor: &Actor,
    id: CustomerId,
    expected: Option<i64>,
    input: &CustomerInput,
) -> Result<Customer> {
    let before = table::find(tx.conn(), id, None)?.or_not_found()?;
    check_version(expected, before.0.version)?;
    let mut data = input.parse()?;
    if data.plan_id != before.0.plan_id {
        check_plan(tx.conn(), data.plan_id)?;
    }
    data.status = input.status.unwrap_or(before.0.status);
    // A NIK that can not be decrypted any more can still be replaced.
    let stored = stored_nik(cipher, &before.0).unwrap_or_default();
    let nik = nik::nik_to_store(data.nik.as_ref(), stored.as_ref())?;
    let values = to_values(before.0.number.clone(), data);
    save(tx, &before.0, &values)?;
    if let Some(nik) = nik {
        customer_niks::set(tx.conn(), &[encrypt_nik(cipher, id, &nik)])?;
    }
    let after = table::find(tx.conn(), id, None)?.or_not_found()?;
    let event = AuditEvent { action: AuditAction::CustomerUpdate, entity_id: id.0 };
    let (was, is) = (to_customer(cipher, before), to_customer(cipher, after));
    audit::record(tx, actor, event, Some(&was), Some(&is))?;
    tx.emit(LiveEvent::CustomerUpdated(CustomerEvent { id, version: is.version }));
    Ok(is)
}

/// What the audit records of a status that changed with a job.
#[derive(Serialize)]
struct StatusSnapshot {
    status: CustomerStatus,
}

/// Changes the status as the effect of a job; who works on the job needs no permission for it.
///
/// # Errors
/// `NotFound`.
pub(crate) fn set_status(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: CustomerId,
    status: CustomerStatus,
) -> Result<()> {
    // Somebody who edits the customer meanwhile does not make the job fail.
    table::lock(tx.conn(), id)?;
    let (row, ..) = table::find(tx.conn(), id, None)?.or_not_found()?;
    if row.status == status {
        return Ok(());
    }
    let before = StatusSnapshot { status: row.status };
    save(tx, &row, &CustomerValues { status, ..row.clone().into() })?;
    let event = AuditEvent { action: AuditAction::CustomerUpdate, entity_id: id.0 };
    audit::record(tx, actor, event, Some(&before), Some(&StatusSnapshot { status }))?;
    tx.emit(LiveEvent::CustomerUpdated(CustomerEvent { id, version: row.version + 1 }));
    Ok(())
}

/// Saves changed values and updates the search texts of the customer's jobs.
pub(crate) fn save(tx: &mut Tx<'_>, before: &CustomerRow, values: &CustomerValues) -> Result<()> {
    let now = tx.now().naive_utc();
    // A device that is installed meanwhile waits, so that the search text has it.
    table::lock(tx.conn(), before.id)?;
    if !table::update(tx.conn(), before.id, before.version, values, now)? {
        return Err(DbError::Conflict.into());
    }
    let found_as_before = before.number == values.number
        && before.name == values.name
        && before.phone == values.phone
        && before.odp == values.odp;
    if !found_as_before {
        jobs::refresh_search_text(tx.conn(), before.id)?;
    }
    Ok(())
}

/// Brings the search texts of a customer and its jobs up to date after a device was installed or removed.
pub(crate) fn refresh_search(tx: &mut Tx<'_>, id: CustomerId) -> Result<()> {
    table::lock(tx.conn(), id)?;
    table::refresh_search_text(tx.conn(), id)?;
    Ok(jobs::refresh_search_text(tx.conn(), id)?)
}

/// Returns the next numbers, skipping those that an import has used.
pub(crate) fn next_numbers(tx: &mut Tx<'_>, count: usize) -> Result<Vec<String>> {
    let mut numbers = Vec::with_capacity(count);
    while numbers.len() < count {
        let wanted = (count - numbers.len()).min(400) as i64;
        let last = tx.take_numbers(NUMBER_COUNTER, wanted)?;
        let next: Vec<String> = (last - wanted + 1..=last).map(format_number).collect();
        let in_use = table::numbers_in_use(tx.conn(), &next)?;
        numbers.extend(next.into_iter().filter(|number| !in_use.contains(number)));
    }
    Ok(numbers)
}

/// Advances the counter beyond imported numbers of the same form.
pub(crate) fn advance_counter<'a>(
    tx: &mut Tx<'_>,
    numbers: impl Iterator<Item = &'a str>,
) -> Result<()> {
    if let Some(highest) = numbers.filter_map(number_value).max() {
        tx.skip_numbers(NUMBER_COUNTER, highest)?;
    }
    Ok(())
}

/// Parses a number of the generated form `C-000001`, up to six digits.
pub(crate) fn number_value(text: &str) -> Option<i64> {
    let value: i64 = text.strip_prefix("C-")?.parse().ok()?;
    (format_number(value) == text && value < 1_000_000).then_some(value)
}

fn format_number(value: i64) -> String {
    format!("C-{value:06}")
}

fn check_plan(conn: &mut Conn, plan_id: Option<PlanId>) -> Result<()> {
    let Some(id) = plan_id else { return Ok(()) };
    match plans::find(conn, id)? {
        Some(_) => Ok(()),
        None => Err(Error::field("plan_id", ErrorCode::UnknownReference)),
    }
}

fn to_values(number: String, data: CustomerData) -> CustomerValues {
    CustomerValues {
        number,
        name: data.name,
        phone: data.phone,
        second_phone: data.second_phone,
        email: data.email,
        address: data.address,
        area: data.area,
        latitude: data.coordinates.map(|place| place.latitude()),
        longitude: data.coordinates.map(|place| place.longitude()),
        plan_id: data.plan_id,
        status: data.status,
        odp: data.odp,
        notes: data.notes,
    }
}

/// The customer, redacted for the actor.
fn view_for(cipher: &Cipher, row: CustomerWithPlanCode, actor: &Actor) -> Customer {
    let phone = actor.customer_phone(&row.0.phone).unwrap_or_default();
    let second_phone = row.0.second_phone.as_ref().and_then(|it| actor.customer_phone(it));
    let customer = to_customer(cipher, row);
    Customer {
        phone,
        second_phone,
        email: actor.visible_text(PersonalData::CustomerEmail, customer.email),
        notes: actor.visible_text(PersonalData::CustomerNotes, customer.notes),
        ..customer
    }
}

/// The customer without redaction; the identity number is masked.
pub(crate) fn to_customer(
    cipher: &Cipher,
    (row, plan_code, identity_photo): CustomerWithPlanCode,
) -> Customer {
    let nik = nik::masked_nik(cipher, &row);
    Customer {
        id: row.id,
        number: row.number,
        name: row.name,
        phone: row.phone.to_string(),
        second_phone: row.second_phone.map(|phone| phone.to_string()),
        email: row.email,
        address: row.address,
        area: row.area,
        latitude: row.latitude,
        longitude: row.longitude,
        plan_id: row.plan_id,
        plan_code,
        status: row.status,
        nik,
        identity_photo,
        odp: row.odp,
        notes: row.notes,
        version: row.version,
        created_at: row.created_at.and_utc(),
        updated_at: row.updated_at.and_utc(),
    }
}
