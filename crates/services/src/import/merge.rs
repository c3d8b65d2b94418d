//! Checked rows of customers meet the customers that are there.

use std::collections::HashMap;

use db::tables::customers::{self as table, CustomerRow, CustomerValues};
use db::tables::{customer_niks, plans};
use db::{Conn, DbError, Tx, is_unique_violation};
use shared::customer::CustomerStatus;
use shared::live::{ImportEvent, LiveEvent};
use shared::{CustomerId, ErrorCode, Nik, PhoneNumber, PlanId};

use super::columns::Columns;
use super::customers::Row;
use super::report::{Checked, Fault, Tally};
use super::trace::{Summary, Trace};
use crate::audit::{self, Deed};
use crate::error::{Error, Result};
use crate::vault::Vault;
use crate::{Actor, customers};

/// Rows looked up with one query.
const LOOKUP: usize = 400;

/// What makes two rows the same customer.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Number(String),
    Person(PhoneNumber, String),
}

impl Key {
    fn of(row: &Row) -> Self {
        match &row.number {
            Some(number) => Key::Number(number.clone()),
            None => Key::person(&row.phone, &row.name),
        }
    }

    fn person(phone: &PhoneNumber, name: &str) -> Self {
        Key::Person(phone.clone(), name.to_lowercase())
    }
}

/// A row without problems, and the plan that it names.
struct Accepted<'file> {
    row: &'file Row,
    key: Key,
    plan_id: Option<PlanId>,
}

fn deed(action: &'static str, id: CustomerId) -> Deed {
    Deed { action, entity: "customer", entity_id: id.0 }
}

/// A customer that is to be made.
struct New {
    values: CustomerValues,
    nik: Option<Nik>,
}

pub(super) fn apply(
    tx: &mut Tx<'_>,
    vault: &Vault,
    actor: &Actor,
    file: &Checked<Row>,
    file_name: &str,
    dry_run: bool,
) -> Result<(Vec<Fault>, Tally)> {
    let plans = plan_ids(tx.conn())?;
    let (accepted, faults) = accept(&file.rows, &file.columns, &plans);
    let stored = Stored::load(tx.conn(), &accepted)?;
    let mut tally = Tally::default();
    let (mut numbered, mut unnumbered) = (Vec::new(), Vec::new());
    for accepted in &accepted {
        let before = stored.find(accepted);
        let values = merged(accepted, before);
        match before {
            None => {
                tally.created += 1;
                let new =
                    if accepted.row.number.is_some() { &mut numbered } else { &mut unnumbered };
                new.push(New { values, nik: accepted.row.nik.clone() });
            }
            Some(before) => {
                let stored_nik = customers::stored_nik(vault, before).unwrap_or_default();
                let nik = accepted.row.nik.as_ref().filter(|nik| Some(*nik) != stored_nik.as_ref());
                let was = CustomerValues::from(before.clone());
                if was == values && nik.is_none() {
                    tally.unchanged += 1;
                    continue;
                }
                tally.updated += 1;
                if !dry_run {
                    customers::write(tx, before, &values)?;
                    write_niks(tx, vault, nik.map(|nik| (before.id, nik)).as_slice())?;
                    let was = Trace::of(&was, stored_nik.as_ref());
                    let is = Trace::of(&values, nik.or(stored_nik.as_ref()));
                    let deed = deed("customer.update", before.id);
                    audit::record(tx, actor, deed, Some(&was), Some(&is))?;
                }
            }
        }
    }
    if dry_run || tally.created + tally.updated == 0 {
        return Ok((faults, tally));
    }
    insert(tx, vault, actor, &numbered)?;
    customers::numbers_taken(tx, numbered.iter().map(|new| new.values.number.as_str()))?;
    let numbers = customers::next_numbers(tx, unnumbered.len())?;
    for (new, number) in unnumbered.iter_mut().zip(numbers) {
        new.values.number = number;
    }
    insert(tx, vault, actor, &unnumbered)?;
    let deed = deed("customer.import", CustomerId(0));
    let trace = Summary { file: file_name, rows: file.total, tally };
    audit::record::<(), _>(tx, actor, deed, None, Some(&trace))?;
    let Tally { created, updated, .. } = tally;
    tx.emit(LiveEvent::CustomersImported(ImportEvent { created, updated }));
    Ok((faults, tally))
}

fn plan_ids(conn: &mut Conn) -> Result<HashMap<String, PlanId>> {
    let all = plans::list(conn, None, i64::MAX)?;
    Ok(all.into_iter().map(|plan| (plan.code, plan.id)).collect())
}

/// Leaves out rows that name no known plan and rows that stand twice.
fn accept<'file>(
    rows: &'file [Row],
    columns: &Columns,
    plans: &HashMap<String, PlanId>,
) -> (Vec<Accepted<'file>>, Vec<Fault>) {
    let mut first_lines: HashMap<Key, i64> = HashMap::with_capacity(rows.len());
    let (mut accepted, mut faults) = (Vec::with_capacity(rows.len()), Vec::new());
    for row in rows {
        let fault = |field, value: &str, code| Fault::new(row.line, columns, field, value, code);
        let plan = row.plan.as_deref();
        let plan_id = plan.map(|code| plans.get(&code.to_ascii_uppercase()).copied());
        if plan_id == Some(None) {
            faults.push(fault("plan", plan.unwrap_or_default(), ErrorCode::UnknownReference));
            continue;
        }
        let key = Key::of(row);
        if let Some(first) = first_lines.get(&key) {
            let (field, value) = match &row.number {
                Some(number) => ("number", number.as_str()),
                None => ("phone", row.phone.as_str()),
            };
            faults.push(fault(field, value, ErrorCode::DuplicateRow).with(Some(first)));
            continue;
        }
        first_lines.insert(key.clone(), row.line);
        accepted.push(Accepted { row, key, plan_id: plan_id.flatten() });
    }
    (accepted, faults)
}

/// The stored customers that rows of the file may mean.
struct Stored(HashMap<Key, CustomerRow>);

impl Stored {
    fn load(conn: &mut Conn, accepted: &[Accepted<'_>]) -> Result<Self> {
        let mut stored = HashMap::with_capacity(accepted.len());
        let numbers: Vec<&str> =
            accepted.iter().filter_map(|accepted| accepted.row.number.as_deref()).collect();
        for some in numbers.chunks(LOOKUP) {
            for row in table::with_numbers(conn, some)? {
                stored.insert(Key::Number(row.number.clone()), row);
            }
        }
        let nameless = accepted.iter().filter(|accepted| accepted.row.number.is_none());
        let phones: Vec<&PhoneNumber> = nameless.map(|accepted| &accepted.row.phone).collect();
        for some in phones.chunks(LOOKUP) {
            for row in table::with_phones(conn, some)? {
                stored.entry(Key::person(&row.phone, &row.name)).or_insert(row);
            }
        }
        Ok(Self(stored))
    }

    fn find(&self, accepted: &Accepted<'_>) -> Option<&CustomerRow> {
        self.0.get(&accepted.key)
    }
}

/// What is stored, with what the file says. The number of a new customer without one is empty.
fn merged(accepted: &Accepted<'_>, before: Option<&CustomerRow>) -> CustomerValues {
    let row = accepted.row;
    let before = before.cloned();
    let number = match (&before, &row.number) {
        (Some(before), _) => before.number.clone(),
        (None, number) => number.clone().unwrap_or_default(),
    };
    let stored = before.map(CustomerValues::from);
    let stored = stored.as_ref();
    let kept =
        |field: fn(&CustomerValues) -> &Option<String>| stored.and_then(|s| field(s).clone());
    let place = row.place.map(|place| (Some(place.latitude()), Some(place.longitude())));
    let (latitude, longitude) =
        place.unwrap_or((stored.and_then(|s| s.latitude), stored.and_then(|s| s.longitude)));
    CustomerValues {
        number,
        name: row.name.clone(),
        phone: row.phone.clone(),
        email: row.email.clone().or_else(|| kept(|s| &s.email)),
        address: row.address.clone(),
        latitude,
        longitude,
        plan_id: accepted.plan_id.or(stored.and_then(|s| s.plan_id)),
        // Whoever is in the list of an operator without a word is a customer.
        status: row.status.or(stored.map(|s| s.status)).unwrap_or(CustomerStatus::Active),
        odp: row.odp.clone().or_else(|| kept(|s| &s.odp)),
        notes: row.notes.clone().or_else(|| kept(|s| &s.notes)),
    }
}

fn insert(tx: &mut Tx<'_>, vault: &Vault, actor: &Actor, new: &[New]) -> Result<()> {
    let now = tx.now().naive_utc();
    let values: Vec<CustomerValues> = new.iter().map(|new| new.values.clone()).collect();
    let ids = table::insert_many(tx.conn(), &values, now).map_err(|error| match error {
        // Somebody added one of the numbers since they were looked up: once more from the start.
        DbError::Query(query) if is_unique_violation(&query) => Error::Db(DbError::Conflict),
        error => Error::Db(error),
    })?;
    let niks: Vec<(CustomerId, &Nik)> =
        ids.iter().zip(new).filter_map(|(id, new)| Some((*id, new.nik.as_ref()?))).collect();
    write_niks(tx, vault, &niks)?;
    for (id, new) in ids.iter().zip(new) {
        let trace = Trace::of(&new.values, new.nik.as_ref());
        audit::record::<(), _>(tx, actor, deed("customer.create", *id), None, Some(&trace))?;
    }
    Ok(())
}

fn write_niks(tx: &mut Tx<'_>, vault: &Vault, niks: &[(CustomerId, &Nik)]) -> Result<()> {
    let seal = |(id, nik): &(CustomerId, &Nik)| (*id, customers::seal_nik(vault, *id, nik));
    let sealed: Vec<_> = niks.iter().map(seal).collect();
    Ok(customer_niks::set(tx.conn(), &sealed)?)
}
