//! Matching of imported customers with stored ones, and their creation or update.

use std::collections::{HashMap, HashSet};

use db::tables::customers::{self as table, CustomerRow, CustomerValues};
use db::tables::import_rows::{self, NewImportedRow};
use db::tables::{customer_niks, plans};
use db::{Conn, DbError, Tx, is_unique_violation};
use shared::audit::AuditAction;
use shared::customer::CustomerStatus;
use shared::import::{ChoiceOption, ImportKind, ImportMapping};
use shared::live::{ImportEvent, ImportProgressEvent, LiveEvent};
use shared::{CustomerId, ErrorCode, ImportId, Lang, Nik};

use super::audit_snapshot::CustomerSnapshot;
use super::columns::{ColumnSpec, Columns};
use super::customer_columns::COLUMNS;
use super::customer_match::{AcceptedRow, CustomerKey, StoredCustomers};
use super::customer_preview::{changes, preview_values};
use super::customer_row::{parse_row, parse_status, status_word};
use super::plan_names::PlanNames;
use super::preview::{Previews, RowTitle};
use super::report::{ImportCounts, RowFault};
use super::target::{BatchOutcome, ImportTarget};
use super::vocabulary::{Vocabulary, Words};
use crate::audit::{self, AuditEvent};
use crate::encryption::Cipher;
use crate::encryption_at_rest::import_nik_context;
use crate::error::{Error, Result, to_json};
use crate::spreadsheet::{Sheet, SheetRow};
use crate::{Actor, customers};

fn audit_event(action: AuditAction, id: CustomerId) -> AuditEvent {
    AuditEvent { action, entity_id: id.0 }
}

/// A customer to create.
struct NewCustomer {
    line: i64,
    values: CustomerValues,
    nik: Option<Nik>,
}

/// A customer to update.
struct CustomerChange {
    line: i64,
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
    /// Lines of rows that equal the stored customer.
    unchanged: Vec<(i64, CustomerRow)>,
    /// Line of each stored customer that a row is about.
    matched: HashMap<CustomerId, i64>,
    faults: Vec<RowFault>,
}

/// What later batches have to know.
#[derive(Debug, Default)]
pub(super) struct Learned {
    created: Vec<CustomerId>,
    matched: HashMap<CustomerId, i64>,
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
    /// Line of each stored customer that a row was about: one by number, another by phone number and name
    /// may mean the same one.
    matched: HashMap<CustomerId, i64>,
    /// The highest number in the file that has the generated form. Rows without a number get one
    /// above it.
    highest: Option<String>,
}

impl CustomerImport {
    pub fn new(cipher: Cipher, replace_customers: bool) -> Self {
        let (plans, first_lines, created, matched) = Default::default();
        Self { cipher, replace_customers, plans, first_lines, created, matched, highest: None }
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
                let (line, nik) = (accepted.row.line, accepted.row.nik.clone());
                new.push(NewCustomer { line, values, nik });
                continue;
            };
            let known = |id| plan.matched.get(id).or_else(|| self.matched.get(id)).copied();
            if let Some(first) = known(&before.id) {
                let (line, name) = (accepted.row.line, &before.name);
                let fault = RowFault::new(line, columns, "name", name, ErrorCode::DuplicateRow);
                plan.faults.push(fault.with_param(Some(first)));
                continue;
            }
            plan.matched.insert(before.id, accepted.row.line);
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
                plan.unchanged.push((accepted.row.line, before.clone()));
                continue;
            }
            plan.tally.updated += 1;
            let (line, before) = (accepted.row.line, before.clone());
            plan.changed.push(CustomerChange { line, before, values, nik, stored_nik });
        }
        Ok(plan)
    }

    fn preview(&self, plan: &UpsertPlan, previews: &mut Previews) {
        let lang = previews.lang();
        let values = |values: &CustomerValues, nik: Option<&Nik>| {
            preview_values(values, nik, values.plan_id.and_then(|id| self.plans.code(id)), lang)
        };
        for new in plan.numbered.iter().chain(&plan.unnumbered) {
            let title = title(new.line, &new.values.number, &new.values.name);
            let of_row = || values(&new.values, new.nik.as_ref());
            previews.created(title, || changes(Vec::new(), of_row()));
        }
        for changed in &plan.changed {
            let before = CustomerValues::from(changed.before.clone());
            let stored = changed.stored_nik.as_ref();
            let title = title(changed.line, &before.number, &before.name);
            let is = || values(&changed.values, changed.nik.as_ref().or(stored));
            previews.updated(title, || changes(values(&before, stored), is()));
        }
        for (line, row) in &plan.unchanged {
            previews.unchanged(title(*line, &row.number, &row.name));
        }
    }

    fn change(
        &self,
        tx: &mut Tx<'_>,
        actor: &Actor,
        changed: &CustomerChange,
        import: ImportId,
    ) -> Result<()> {
        let CustomerChange { before, values, nik, stored_nik, .. } = changed;
        customers::save(tx, before, values)?;
        let replaced = stored_nik.as_ref().filter(|_| nik.is_some());
        let undo = NewImportedRow {
            entity_id: before.id.0,
            version: before.version + 1,
            before: Some(to_json(&CustomerValues::from(before.clone()))?),
            nik_added: nik.is_some() && before.nik.is_none(),
            movement_id: None,
        };
        match replaced {
            Some(replaced) => {
                let id = import_rows::insert_one(tx.conn(), import, &undo)?;
                let context = import_nik_context(id);
                let kept = self.cipher.encrypt(&context, replaced.as_str().as_bytes());
                import_rows::set_nik(tx.conn(), id, &kept)?;
            }
            None => import_rows::insert(tx.conn(), import, &[undo])?,
        }
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
    type Learned = Learned;
    const KIND: ImportKind = ImportKind::Customers;
    const COLUMNS: &'static [ColumnSpec] = COLUMNS;
    const VOCABULARIES: &'static [Vocabulary] = &[
        // Lists of providers call it a status whether somebody has paid.
        Vocabulary { field: "status", left_out_if_unknown: true },
        Vocabulary { field: "plan", left_out_if_unknown: false },
    ];
    const AUDIT_EVENT: AuditEvent =
        AuditEvent { action: AuditAction::CustomerImport, entity_id: 0 };

    fn begin(&mut self, conn: &mut Conn) -> Result<()> {
        self.plans = PlanNames::new(&plans::list(conn, None, i64::MAX)?);
        Ok(())
    }

    fn scan_file(&mut self, columns: &mut Columns, sheet: &Sheet, mapping: &ImportMapping) {
        let chosen = mapping.columns.contains_key(columns.heading("number"));
        if !chosen && counts_rows(columns, sheet) {
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
        previews: &mut Previews,
    ) -> Result<BatchOutcome<Learned>> {
        let plan = self.plan(conn, columns, rows)?;
        self.preview(&plan, previews);
        let UpsertPlan { tally, faults, matched, .. } = plan;
        let learned = Learned { matched, ..Learned::default() };
        Ok(BatchOutcome { tally, faults, learned })
    }

    fn write(
        &self,
        tx: &mut Tx<'_>,
        actor: &Actor,
        columns: &Columns,
        rows: &[AcceptedRow],
        import: ImportId,
    ) -> Result<BatchOutcome<Learned>> {
        let mut plan = self.plan(tx.conn(), columns, rows)?;
        for changed in &plan.changed {
            self.change(tx, actor, changed, import)?;
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
        let created = |id: &CustomerId| NewImportedRow {
            entity_id: id.0,
            version: FIRST_VERSION,
            before: None,
            nik_added: false,
            movement_id: None,
        };
        import_rows::insert(tx.conn(), import, &made.iter().map(created).collect::<Vec<_>>())?;
        let learned = Learned { created: made, matched: plan.matched };
        Ok(BatchOutcome { tally: plan.tally, learned, faults: plan.faults })
    }

    fn remember(&mut self, learned: Learned) {
        self.created.extend(learned.created);
        self.matched.extend(learned.matched);
    }

    fn finish(tx: &mut Tx<'_>, tally: ImportCounts) {
        let ImportCounts { created, updated, .. } = tally;
        tx.emit(LiveEvent::CustomersImported(ImportEvent { created, updated }));
    }

    fn progress_event(progress: ImportProgressEvent) -> LiveEvent {
        LiveEvent::CustomerImportProgress(progress)
    }
}

impl Words for CustomerImport {
    fn knows(&self, field: &str, word: &str) -> bool {
        match field {
            "status" => parse_status(word).is_some(),
            _ => self.plans.find(word).is_some(),
        }
    }

    fn options(&self, field: &str, lang: Lang) -> Vec<ChoiceOption> {
        let option = |value: &str, label: &str| ChoiceOption {
            value: value.to_owned(),
            label: label.to_owned(),
        };
        match field {
            "status" => CustomerStatus::ALL
                .iter()
                .map(|status| status_word(*status).in_lang(lang))
                .map(|word| option(word, word))
                .collect(),
            _ => self.plans.all().map(|(code, name)| option(code, name)).collect(),
        }
    }
}

/// Version of a customer that was just created.
const FIRST_VERSION: i64 = 1;

fn title<'a>(line: i64, number: &'a str, name: &'a str) -> RowTitle<'a> {
    RowTitle { line, number: Some(number), name }
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
    let encrypt = |(id, nik): &(CustomerId, &Nik)| customers::encrypt_nik(cipher, *id, nik);
    let encrypted: Vec<_> = niks.iter().map(encrypt).collect();
    Ok(customer_niks::set(tx.conn(), &encrypted)?)
}
