//! Creation and update of imported items with their opening stock.

use std::collections::HashMap;

use db::tables::import_rows::{self, NewImportedRow};
use db::tables::items::{self as table, ItemRow};
use db::{Conn, Tx};
use shared::audit::AuditAction;
use shared::import::{ACCEPTED_BOOLEANS, ACCEPTED_UNITS, ChoiceOption, ImportKind};
use shared::inventory::ItemInput;
use shared::live::{ImportProgressEvent, LiveEvent};
use shared::{ErrorCode, ImportId, Lang};

use super::cell_parser;
use super::columns::{ColumnSpec, Columns};
use super::item_columns::COLUMNS;
use super::item_preview::changes;
use super::item_row::{ParsedItem, parse_row, parse_unit, with_stored_facts};
use super::preview::{Previews, RowTitle};
use super::report::RowFault;
use super::target::{BatchOutcome, ImportTarget};
use super::vocabulary::{Vocabulary, Words};
use crate::Actor;
use crate::audit::AuditEvent;
use crate::error::{Error, Result, to_json};
use crate::inventory::imported_items::{
    UpsertOutcome, UpsertResult, compare_for_import, receives_opening_stock, upsert_for_import,
};
use crate::spreadsheet::SheetRow;

/// State carried from batch to batch.
#[derive(Default)]
pub(super) struct ItemImport {
    /// Line of the first valid row of each code.
    first_lines: HashMap<String, i64>,
}

/// A valid row, and the line where its code occurred before.
pub(super) struct CheckedItem {
    row: ParsedItem,
    first: Option<i64>,
}

impl ImportTarget for ItemImport {
    type Row = CheckedItem;
    /// Codes and lines of accepted rows.
    type Learned = Vec<(String, i64)>;
    const KIND: ImportKind = ImportKind::Items;
    const COLUMNS: &'static [ColumnSpec] = COLUMNS;
    const VOCABULARIES: &'static [Vocabulary] = &[
        Vocabulary { field: "unit", left_out_if_unknown: false },
        Vocabulary { field: "serialized", left_out_if_unknown: false },
    ];
    const AUDIT_EVENT: AuditEvent = AuditEvent { action: AuditAction::ItemImport, entity_id: 0 };

    fn check(
        &mut self,
        columns: &Columns,
        row: SheetRow<'_>,
        _: &mut Vec<RowFault>,
    ) -> std::result::Result<CheckedItem, Vec<RowFault>> {
        let row = parse_row(columns, row)?;
        let first = self.first_lines.get(&row.code).copied();
        Ok(CheckedItem { row, first })
    }

    fn compare(
        &self,
        conn: &mut Conn,
        columns: &Columns,
        rows: &[CheckedItem],
        previews: &mut Previews,
    ) -> Result<BatchOutcome<Self::Learned>> {
        let mut outcome = BatchOutcome::default();
        for candidate in rows {
            if let Some(accepted) = compare_row(conn, columns, candidate, &mut outcome)? {
                preview(previews, &candidate.row, &accepted);
            }
        }
        Ok(outcome)
    }

    fn write(
        &self,
        tx: &mut Tx<'_>,
        actor: &Actor,
        columns: &Columns,
        rows: &[CheckedItem],
        import: ImportId,
    ) -> Result<BatchOutcome<Self::Learned>> {
        let mut outcome = BatchOutcome::default();
        for candidate in rows {
            let Some(AcceptedItem { input, before, .. }) =
                compare_row(tx.conn(), columns, candidate, &mut outcome)?
            else {
                continue;
            };
            let written = upsert_for_import(tx, actor, &input, candidate.row.opening_stock)?;
            let UpsertOutcome::Written { id, version, receipt } = written else { continue };
            let undo = NewImportedRow {
                entity_id: id.0,
                version,
                before: before.map(|before| to_json(&ItemInput::from(before))).transpose()?,
                nik_added: false,
                movement_id: receipt,
            };
            import_rows::insert(tx.conn(), import, &[undo])?;
        }
        Ok(outcome)
    }

    fn remember(&mut self, learnt: Self::Learned) {
        self.first_lines.extend(learnt);
    }

    fn progress_event(progress: ImportProgressEvent) -> LiveEvent {
        LiveEvent::ItemImportProgress(progress)
    }
}

impl Words for ItemImport {
    fn knows(&self, field: &str, word: &str) -> bool {
        match field {
            "unit" => parse_unit(word).is_some(),
            _ => cell_parser::parse_bool(word).is_some(),
        }
    }

    fn options(&self, field: &str, lang: Lang) -> Vec<ChoiceOption> {
        let words = match field {
            "unit" => ACCEPTED_UNITS,
            _ => ACCEPTED_BOOLEANS,
        };
        let option = |word: &str| ChoiceOption { value: word.to_owned(), label: word.to_owned() };
        words.in_lang(lang).split(", ").map(option).collect()
    }
}

/// A row that would be saved.
struct AcceptedItem {
    input: ItemInput,
    before: Option<ItemRow>,
    result: UpsertResult,
    /// Whether its opening stock would be received.
    receives_stock: bool,
}

fn preview(previews: &mut Previews, row: &ParsedItem, accepted: &AcceptedItem) {
    let AcceptedItem { input, before, result, receives_stock } = accepted;
    let title = RowTitle { line: row.line, number: Some(&input.code), name: &input.name };
    let lang = previews.lang();
    let stock = receives_stock.then_some(row.opening_stock);
    let changes = || {
        let before = before.clone().map(ItemInput::from);
        changes(before.as_ref(), input, stock, lang)
    };
    match result {
        UpsertResult::Created => previews.created(title, changes),
        UpsertResult::Updated => previews.updated(title, changes),
        UpsertResult::Unchanged => previews.unchanged(title),
    }
}

/// Counts what would be done with the row and returns what to save, unless the row is rejected.
fn compare_row(
    conn: &mut Conn,
    columns: &Columns,
    CheckedItem { row, first }: &CheckedItem,
    outcome: &mut BatchOutcome<Vec<(String, i64)>>,
) -> Result<Option<AcceptedItem>> {
    let in_piece = || outcome.learned.iter().find(|(code, _)| *code == row.code);
    if let Some(first) = first.or_else(|| in_piece().map(|(_, line)| *line)) {
        let fault = RowFault::new(row.line, columns, "code", &row.code, ErrorCode::DuplicateRow);
        outcome.faults.push(fault.with_param(Some(first)));
        return Ok(None);
    }
    let before = table::find_by_code(conn, &row.code)?;
    let input = with_stored_facts(before.as_ref(), row);
    let receives_stock = receives_opening_stock(conn, before.as_ref(), row.opening_stock)?;
    let result = match compare_for_import(conn, &input, row.opening_stock) {
        Ok(result) => result,
        Err(Error::Refused(refusal)) => {
            outcome.faults.extend(refusal_faults(row, columns, &refusal));
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    match result {
        UpsertResult::Created => outcome.tally.created += 1,
        UpsertResult::Updated => outcome.tally.updated += 1,
        UpsertResult::Unchanged => outcome.tally.unchanged += 1,
    }
    outcome.learned.push((row.code.clone(), row.line));
    Ok(Some(AcceptedItem { input, before, result, receives_stock }))
}

fn refusal_faults(row: &ParsedItem, columns: &Columns, refusal: &crate::Refusal) -> Vec<RowFault> {
    let fault =
        |field: &str, value: &str, code| RowFault::new(row.line, columns, field, value, code);
    if refusal.faults.is_empty() {
        return vec![fault("code", &row.code, refusal.code).with_param(refusal.param.as_ref())];
    }
    let each = |wrong: &shared::validate::FieldFault| {
        let value = match wrong.field.as_str() {
            "opening_stock" => row.opening_stock.to_string(),
            "code" => row.code.clone(),
            "name" => row.name.clone(),
            _ => String::new(),
        };
        fault(&wrong.field, &value, wrong.code).with_param(wrong.param.as_ref())
    };
    refusal.faults.iter().map(each).collect()
}
