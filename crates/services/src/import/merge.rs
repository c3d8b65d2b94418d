//! Checked rows of customers meet the customers that are there.

use std::collections::{HashMap, HashSet};

use db::tables::customers::{self as table, CustomerRow, CustomerValues};
use db::tables::{customer_niks, plans};
use db::{Conn, DbError, Tx, is_unique_violation};
use shared::customer::CustomerStatus;
use shared::live::{ImportEvent, LiveEvent};
use shared::{CustomerId, ErrorCode, Nik, PhoneNumber, PlanId};

use super::columns::{Column, Columns};
use super::customers::{Row, check_row};
use super::headings;
use super::pieces::{Outcome, Table};
use super::report::{Fault, Tally};
use super::sheet::{Sheet, SheetRow};
use super::trace::Trace;
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
pub(super) struct Accepted {
    row: Row,
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

/// A customer that is to be changed.
struct Changed {
    before: CustomerRow,
    values: CustomerValues,
    nik: Option<Nik>,
    stored_nik: Option<Nik>,
}

/// What becomes of the rows of one piece.
#[derive(Default)]
struct Plan {
    tally: Tally,
    numbered: Vec<New>,
    unnumbered: Vec<New>,
    changed: Vec<Changed>,
}

/// What is known of the database and of the rows before.
pub(super) struct Customers {
    vault: Vault,
    plans: HashMap<String, PlanId>,
    /// Line of the first good row of each customer.
    first_lines: HashMap<Key, i64>,
    /// Customers that this import has made: no later row of the file means one of them.
    made: HashSet<CustomerId>,
    /// The highest number of the file that has the form of those that are made here. Rows without a
    /// number get one above it.
    highest: Option<String>,
}

impl Customers {
    pub fn new(vault: Vault) -> Self {
        let (plans, first_lines, made) = Default::default();
        Self { vault, plans, first_lines, made, highest: None }
    }

    fn plan(&self, conn: &mut Conn, rows: &[Accepted]) -> Result<Plan> {
        let stored = Stored::load(conn, rows, &self.made)?;
        let mut plan = Plan::default();
        for accepted in rows {
            let before = stored.find(accepted);
            let values = merged(accepted, before);
            let Some(before) = before else {
                plan.tally.created += 1;
                let is_numbered = accepted.row.number.is_some();
                let new = if is_numbered { &mut plan.numbered } else { &mut plan.unnumbered };
                new.push(New { values, nik: accepted.row.nik.clone() });
                continue;
            };
            let stored_nik = customers::stored_nik(&self.vault, before).unwrap_or_default();
            let nik = accepted.row.nik.clone().filter(|nik| Some(nik) != stored_nik.as_ref());
            if CustomerValues::from(before.clone()) == values && nik.is_none() {
                plan.tally.unchanged += 1;
                continue;
            }
            plan.tally.updated += 1;
            plan.changed.push(Changed { before: before.clone(), values, nik, stored_nik });
        }
        Ok(plan)
    }

    fn change(&self, tx: &mut Tx<'_>, actor: &Actor, changed: &Changed) -> Result<()> {
        let Changed { before, values, nik, stored_nik } = changed;
        customers::write(tx, before, values)?;
        write_niks(tx, &self.vault, nik.as_ref().map(|nik| (before.id, nik)).as_slice())?;
        let was = CustomerValues::from(before.clone());
        let was = Trace::of(&was, stored_nik.as_ref());
        let is = Trace::of(values, nik.as_ref().or(stored_nik.as_ref()));
        audit::record(tx, actor, deed("customer.update", before.id), Some(&was), Some(&is))
    }
}

impl Table for Customers {
    type Row = Accepted;
    type Learnt = Vec<CustomerId>;
    const COLUMNS: &'static [Column] = headings::CUSTOMERS;
    const DEED: Deed = Deed { action: "customer.import", entity: "customer", entity_id: 0 };

    fn begin(&mut self, conn: &mut Conn) -> Result<()> {
        let all = plans::list(conn, None, i64::MAX)?;
        self.plans = all.into_iter().map(|plan| (plan.code, plan.id)).collect();
        Ok(())
    }

    fn look_through(&mut self, columns: &Columns, sheet: &Sheet) {
        let numbers = sheet.rows(0, sheet.len()).filter_map(|row| columns.text(row, "number"));
        let counted = numbers.filter_map(|number| Some((customers::counted(number)?, number)));
        self.highest = counted.max().map(|(_, number)| number.to_owned());
    }

    /// Leaves out rows that name no known plan and rows that stand twice.
    fn check(
        &mut self,
        columns: &Columns,
        row: SheetRow<'_>,
    ) -> std::result::Result<Accepted, Vec<Fault>> {
        let row = check_row(columns, row)?;
        let fault = |field, value: &str, code| Fault::new(row.line, columns, field, value, code);
        let plan = row.plan.as_deref();
        let plan_id = plan.map(|code| self.plans.get(&code.to_ascii_uppercase()).copied());
        if plan_id == Some(None) {
            let code = plan.unwrap_or_default();
            return Err(vec![fault("plan", code, ErrorCode::UnknownReference)]);
        }
        let key = Key::of(&row);
        if let Some(first) = self.first_lines.get(&key) {
            let (field, value) = match &row.number {
                Some(number) => ("number", number.as_str()),
                None => ("phone", row.phone.as_str()),
            };
            return Err(vec![fault(field, value, ErrorCode::DuplicateRow).with(Some(first))]);
        }
        self.first_lines.insert(key.clone(), row.line);
        Ok(Accepted { row, key, plan_id: plan_id.flatten() })
    }

    fn compare(
        &self,
        conn: &mut Conn,
        _: &Columns,
        rows: &[Accepted],
    ) -> Result<Outcome<Vec<CustomerId>>> {
        let tally = self.plan(conn, rows)?.tally;
        Ok(Outcome { tally, ..Outcome::default() })
    }

    fn write(
        &self,
        tx: &mut Tx<'_>,
        actor: &Actor,
        _: &Columns,
        rows: &[Accepted],
    ) -> Result<Outcome<Vec<CustomerId>>> {
        let mut plan = self.plan(tx.conn(), rows)?;
        for changed in &plan.changed {
            self.change(tx, actor, changed)?;
        }
        let mut made = insert(tx, &self.vault, actor, &plan.numbered)?;
        customers::numbers_taken(tx, plan.numbered.iter().map(|new| new.values.number.as_str()))?;
        if !plan.unnumbered.is_empty() {
            customers::numbers_taken(tx, self.highest.as_deref().into_iter())?;
            let numbers = customers::next_numbers(tx, plan.unnumbered.len())?;
            for (new, number) in plan.unnumbered.iter_mut().zip(numbers) {
                new.values.number = number;
            }
            made.extend(insert(tx, &self.vault, actor, &plan.unnumbered)?);
        }
        Ok(Outcome { tally: plan.tally, learnt: made, faults: Vec::new() })
    }

    fn learn(&mut self, made: Vec<CustomerId>) {
        self.made.extend(made);
    }

    fn finish(tx: &mut Tx<'_>, tally: Tally) {
        let Tally { created, updated, .. } = tally;
        tx.emit(LiveEvent::CustomersImported(ImportEvent { created, updated }));
    }
}

/// The stored customers that rows of the file may mean.
struct Stored(HashMap<Key, CustomerRow>);

impl Stored {
    fn load(conn: &mut Conn, rows: &[Accepted], made: &HashSet<CustomerId>) -> Result<Self> {
        let mut stored = HashMap::with_capacity(rows.len());
        let numbers: Vec<&str> =
            rows.iter().filter_map(|accepted| accepted.row.number.as_deref()).collect();
        for some in numbers.chunks(LOOKUP) {
            for row in table::with_numbers(conn, some)? {
                stored.insert(Key::Number(row.number.clone()), row);
            }
        }
        let nameless = rows.iter().filter(|accepted| accepted.row.number.is_none());
        let phones: Vec<&PhoneNumber> = nameless.map(|accepted| &accepted.row.phone).collect();
        for some in phones.chunks(LOOKUP) {
            let there = table::with_phones(conn, some)?;
            for row in there.into_iter().filter(|row| !made.contains(&row.id)) {
                stored.entry(Key::person(&row.phone, &row.name)).or_insert(row);
            }
        }
        Ok(Self(stored))
    }

    fn find(&self, accepted: &Accepted) -> Option<&CustomerRow> {
        self.0.get(&accepted.key)
    }
}

/// What is stored, with what the file says. The number of a new customer without one is empty.
fn merged(accepted: &Accepted, before: Option<&CustomerRow>) -> CustomerValues {
    let row = &accepted.row;
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

fn insert(tx: &mut Tx<'_>, vault: &Vault, actor: &Actor, new: &[New]) -> Result<Vec<CustomerId>> {
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
    Ok(ids)
}

fn write_niks(tx: &mut Tx<'_>, vault: &Vault, niks: &[(CustomerId, &Nik)]) -> Result<()> {
    let seal = |(id, nik): &(CustomerId, &Nik)| (*id, customers::seal_nik(vault, *id, nik));
    let sealed: Vec<_> = niks.iter().map(seal).collect();
    Ok(customer_niks::set(tx.conn(), &sealed)?)
}
