//! Matching of imported customers with stored ones, and their creation or update.

use std::collections::{HashMap, HashSet};

use db::tables::customers::{self as table, CustomerRow, CustomerValues};
use db::tables::{customer_niks, plans};
use db::{Conn, DbError, Tx, is_unique_violation};
use shared::audit::AuditAction;
use shared::live::{ImportEvent, LiveEvent};
use shared::{CustomerId, ErrorCode, Nik, PhoneNumber, PlanId};

use super::audit_snapshot::CustomerSnapshot;
use super::batches::{BatchOutcome, ImportTarget};
use super::columns::{ColumnSpec, Columns};
use super::customer_row::{COLUMNS, ParsedCustomer, parse_row};
use super::plan_names::PlanNames;
use super::report::{ImportCounts, RowFault};
use crate::audit::{self, AuditEvent};
use crate::encryption::Cipher;
use crate::error::{Error, Result};
use crate::spreadsheet::{Sheet, SheetRow};
use crate::{Actor, customers};

/// Rows looked up with one query.
const LOOKUP_BATCH: usize = 400;

/// Identity by which rows of a file match customers.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum CustomerKey {
    Number(String),
    Person(PhoneNumber, String),
}

impl CustomerKey {
    fn from_row(row: &ParsedCustomer) -> Self {
        match &row.number {
            Some(number) => CustomerKey::Number(number.clone()),
            None => CustomerKey::from_person(&row.phone, &row.name),
        }
    }

    fn from_person(phone: &PhoneNumber, name: &str) -> Self {
        CustomerKey::Person(phone.clone(), name.to_lowercase())
    }
}

/// A valid row with its plan.
pub(super) struct AcceptedRow {
    row: ParsedCustomer,
    key: CustomerKey,
    plan_id: Option<PlanId>,
}

fn audit_event(action: AuditAction, id: CustomerId) -> AuditEvent {
    AuditEvent { action, entity_id: id.0 }
}

/// A customer to create.
struct NewCustomer {
    values: CustomerValues,
    nik: Option<Nik>,
}

/// A customer to update.
struct CustomerChange {
    before: CustomerRow,
    values: CustomerValues,
    nik: Option<Nik>,
    stored_nik: Option<Nik>,
}

/// What to do with the rows of one batch.
#[derive(Default)]
struct UpsertPlan {
    tally: ImportCounts,
    numbered: Vec<NewCustomer>,
    unnumbered: Vec<NewCustomer>,
    changed: Vec<CustomerChange>,
    faults: Vec<RowFault>,
}

/// State carried from batch to batch.
pub(super) struct CustomerImport {
    cipher: Cipher,
    /// Whether a row may replace both name and phone number of the customer with its number.
    replace_customers: bool,
    plans: PlanNames,
    /// Line of the first valid row of each customer.
    first_lines: HashMap<CustomerKey, i64>,
    /// Customers created by this import: later rows of the file never match them.
    created: HashSet<CustomerId>,
    /// The highest number in the file that has the generated form. Rows without a number get one
    /// above it.
    highest: Option<String>,
}

impl CustomerImport {
    pub fn new(cipher: Cipher, replace_customers: bool) -> Self {
        let (plans, first_lines, created) = Default::default();
        Self { cipher, replace_customers, plans, first_lines, created, highest: None }
    }

    fn plan(&self, conn: &mut Conn, columns: &Columns, rows: &[AcceptedRow]) -> Result<UpsertPlan> {
        let stored = StoredCustomers::load(conn, rows, &self.created)?;
        let mut plan = UpsertPlan::default();
        for accepted in rows {
            let before = stored.find(accepted);
            let stored_values = before.cloned().map(CustomerValues::from);
            let values = accepted.row.merge_into(stored_values.as_ref(), accepted.plan_id);
            let Some(before) = before else {
                plan.tally.created += 1;
                let is_numbered = accepted.row.number.is_some();
                let new = if is_numbered { &mut plan.numbered } else { &mut plan.unnumbered };
                new.push(NewCustomer { values, nik: accepted.row.nik.clone() });
                continue;
            };
            if !self.replace_customers && is_somebody_else(before, &values) {
                let number = &before.number;
                let fault = RowFault::new(
                    accepted.row.line,
                    columns,
                    "number",
                    number,
                    ErrorCode::DifferentCustomer,
                );
                plan.faults.push(fault.with_param(Some(&before.name)));
                continue;
            }
            let stored_nik = customers::stored_nik(&self.cipher, before).unwrap_or_default();
            let nik = accepted.row.nik.clone().filter(|nik| Some(nik) != stored_nik.as_ref());
            if CustomerValues::from(before.clone()) == values && nik.is_none() {
                plan.tally.unchanged += 1;
                continue;
            }
            plan.tally.updated += 1;
            plan.changed.push(CustomerChange { before: before.clone(), values, nik, stored_nik });
        }
        Ok(plan)
    }

    fn change(&self, tx: &mut Tx<'_>, actor: &Actor, changed: &CustomerChange) -> Result<()> {
        let CustomerChange { before, values, nik, stored_nik } = changed;
        customers::save(tx, before, values)?;
        store_niks(tx, &self.cipher, nik.as_ref().map(|nik| (before.id, nik)).as_slice())?;
        let was = CustomerValues::from(before.clone());
        let was = CustomerSnapshot::new(&was, stored_nik.as_ref());
        let is = CustomerSnapshot::new(values, nik.as_ref().or(stored_nik.as_ref()));
        audit::record(
            tx,
            actor,
            audit_event(AuditAction::CustomerUpdate, before.id),
            Some(&was),
            Some(&is),
        )
    }
}

impl ImportTarget for CustomerImport {
    type Row = AcceptedRow;
    type Learned = Vec<CustomerId>;
    const COLUMNS: &'static [ColumnSpec] = COLUMNS;
    const AUDIT_EVENT: AuditEvent =
        AuditEvent { action: AuditAction::CustomerImport, entity_id: 0 };

    fn begin(&mut self, conn: &mut Conn) -> Result<()> {
        self.plans = PlanNames::new(&plans::list(conn, None, i64::MAX)?);
        Ok(())
    }

    fn scan_file(&mut self, columns: &mut Columns, sheet: &Sheet) {
        if counts_rows(columns, sheet) {
            columns.ignore("number");
        }
        let numbers = sheet.rows(0, sheet.len()).filter_map(|row| columns.text(row, "number"));
        let counted = numbers.filter_map(|number| Some((customers::number_value(number)?, number)));
        self.highest = counted.max().map(|(_, number)| number.to_owned());
    }

    /// Rejects rows with an unknown plan and duplicate rows.
    fn check(
        &mut self,
        columns: &Columns,
        row: SheetRow<'_>,
        warnings: &mut Vec<RowFault>,
    ) -> std::result::Result<AcceptedRow, Vec<RowFault>> {
        let row = parse_row(columns, row, warnings)?;
        let fault = |field, value: &str, code| RowFault::new(row.line, columns, field, value, code);
        let plan = row.plan.as_deref();
        let plan_id = plan.map(|text| self.plans.find(text));
        if plan_id == Some(None) {
            let code = plan.unwrap_or_default();
            return Err(vec![fault("plan", code, ErrorCode::UnknownReference)]);
        }
        let key = CustomerKey::from_row(&row);
        if let Some(first) = self.first_lines.get(&key) {
            let (field, value) = match &row.number {
                Some(number) => ("number", number.as_str()),
                None => ("phone", row.phone.as_str()),
            };
            return Err(vec![fault(field, value, ErrorCode::DuplicateRow).with_param(Some(first))]);
        }
        self.first_lines.insert(key.clone(), row.line);
        Ok(AcceptedRow { row, key, plan_id: plan_id.flatten() })
    }

    fn compare(
        &self,
        conn: &mut Conn,
        columns: &Columns,
        rows: &[AcceptedRow],
    ) -> Result<BatchOutcome<Vec<CustomerId>>> {
        let UpsertPlan { tally, faults, .. } = self.plan(conn, columns, rows)?;
        Ok(BatchOutcome { tally, faults, ..BatchOutcome::default() })
    }

    fn write(
        &self,
        tx: &mut Tx<'_>,
        actor: &Actor,
        columns: &Columns,
        rows: &[AcceptedRow],
    ) -> Result<BatchOutcome<Vec<CustomerId>>> {
        let mut plan = self.plan(tx.conn(), columns, rows)?;
        for changed in &plan.changed {
            self.change(tx, actor, changed)?;
        }
        let mut made = insert(tx, &self.cipher, actor, &plan.numbered)?;
        customers::advance_counter(tx, plan.numbered.iter().map(|new| new.values.number.as_str()))?;
        if !plan.unnumbered.is_empty() {
            customers::advance_counter(tx, self.highest.as_deref().into_iter())?;
            let numbers = customers::next_numbers(tx, plan.unnumbered.len())?;
            for (new, number) in plan.unnumbered.iter_mut().zip(numbers) {
                new.values.number = number;
            }
            made.extend(insert(tx, &self.cipher, actor, &plan.unnumbered)?);
        }
        Ok(BatchOutcome { tally: plan.tally, learned: made, faults: plan.faults })
    }

    fn remember(&mut self, made: Vec<CustomerId>) {
        self.created.extend(made);
    }

    fn finish(tx: &mut Tx<'_>, tally: ImportCounts) {
        let ImportCounts { created, updated, .. } = tally;
        tx.emit(LiveEvent::CustomersImported(ImportEvent { created, updated }));
    }
}

/// Whether the values are those of another person: name and phone number both differ.
fn is_somebody_else(stored: &CustomerRow, values: &CustomerValues) -> bool {
    let same_name = stored.name.to_lowercase() == values.name.to_lowercase();
    let same_phone = [Some(&values.phone), values.second_phone.as_ref()]
        .into_iter()
        .flatten()
        .any(|phone| *phone == stored.phone || Some(phone) == stored.second_phone.as_ref());
    !same_name && !same_phone
}

/// Whether the column of numbers only counts the rows, from 0 or 1 and beginning again at most for each
/// part of the list. Such a number names nobody: the next file counts from one again.
fn counts_rows(columns: &Columns, sheet: &Sheet) -> bool {
    let mut before: Option<i64> = None;
    let mut any = false;
    for row in sheet.rows(0, sheet.len()) {
        let Some(text) = columns.text(row, "number") else { continue };
        let digits = text.trim_end_matches(['.', ')']);
        // Zeros in front make a number of somebody's system.
        let plain = digits == "0" || !digits.starts_with('0');
        let short = plain && digits.len() <= 6 && digits.bytes().all(|byte| byte.is_ascii_digit());
        let Some(number) = short.then(|| digits.parse::<i64>().ok()).flatten() else {
            return false;
        };
        let continues = before.is_some_and(|before| number == before + 1);
        if !continues && number > 1 {
            return false;
        }
        (before, any) = (Some(number), true);
    }
    any
}

/// Stored customers that rows of the batch may match.
struct StoredCustomers(HashMap<CustomerKey, CustomerRow>);

impl StoredCustomers {
    fn load(conn: &mut Conn, rows: &[AcceptedRow], made: &HashSet<CustomerId>) -> Result<Self> {
        let mut stored = HashMap::with_capacity(rows.len());
        let numbers: Vec<&str> =
            rows.iter().filter_map(|accepted| accepted.row.number.as_deref()).collect();
        for some in numbers.chunks(LOOKUP_BATCH) {
            for row in table::find_by_numbers(conn, some)? {
                stored.insert(CustomerKey::Number(row.number.clone()), row);
            }
        }
        let nameless = rows.iter().filter(|accepted| accepted.row.number.is_none());
        let phones: Vec<&PhoneNumber> = nameless.map(|accepted| &accepted.row.phone).collect();
        for some in phones.chunks(LOOKUP_BATCH) {
            let there = table::find_by_phones(conn, some)?;
            for row in there.into_iter().filter(|row| !made.contains(&row.id)) {
                stored.entry(CustomerKey::from_person(&row.phone, &row.name)).or_insert(row);
            }
        }
        Ok(Self(stored))
    }

    fn find(&self, accepted: &AcceptedRow) -> Option<&CustomerRow> {
        self.0.get(&accepted.key)
    }
}

fn insert(
    tx: &mut Tx<'_>,
    cipher: &Cipher,
    actor: &Actor,
    new: &[NewCustomer],
) -> Result<Vec<CustomerId>> {
    let now = tx.now().naive_utc();
    let values: Vec<CustomerValues> = new.iter().map(|new| new.values.clone()).collect();
    let ids = table::insert_many(tx.conn(), &values, now).map_err(|error| match error {
        // Another transaction has used one of the numbers since they were looked up: retry.
        DbError::Query(query) if is_unique_violation(&query) => Error::Db(DbError::Conflict),
        error => Error::Db(error),
    })?;
    let niks: Vec<(CustomerId, &Nik)> =
        ids.iter().zip(new).filter_map(|(id, new)| Some((*id, new.nik.as_ref()?))).collect();
    store_niks(tx, cipher, &niks)?;
    for (id, new) in ids.iter().zip(new) {
        let trace = CustomerSnapshot::new(&new.values, new.nik.as_ref());
        audit::record::<(), _>(
            tx,
            actor,
            audit_event(AuditAction::CustomerCreate, *id),
            None,
            Some(&trace),
        )?;
    }
    Ok(ids)
}

fn store_niks(tx: &mut Tx<'_>, cipher: &Cipher, niks: &[(CustomerId, &Nik)]) -> Result<()> {
    let seal = |(id, nik): &(CustomerId, &Nik)| (*id, customers::encrypt_nik(cipher, *id, nik));
    let encrypted: Vec<_> = niks.iter().map(seal).collect();
    Ok(customer_niks::set(tx.conn(), &encrypted)?)
}
