//! Stock items with their opening stock from a spreadsheet.

use std::collections::HashMap;

use db::Tx;
use db::tables::items as table;
use serde::Serialize;
use shared::import::ImportReport;
use shared::inventory::{ItemInput, ItemUnit};
use shared::{ErrorCode, Lang, Rupiah};

use super::cells;
use super::columns::Columns;
use super::headings;
use super::reader::{self, SheetRow};
use super::report::{Checked, Fault, Tally};
use crate::Actor;
use crate::audit::{self, Deed};
use crate::error::{Error, Result};
use crate::inventory::items::{Upsert, compare_for_import, upsert_for_import};

/// Category of an item whose file names none.
const NO_CATEGORY: &str = "lainnya";

/// A row that is good as far as it goes. What the file does not say is `None`.
#[derive(Debug)]
struct Row {
    line: i64,
    code: String,
    name: String,
    category: Option<String>,
    unit: Option<ItemUnit>,
    serialized: Option<bool>,
    opening_stock: i64,
    min_stock: Option<i64>,
    price: Option<i64>,
}

/// A file of items whose rows were checked as far as that goes without the database.
#[derive(Debug)]
pub struct ItemFile(Checked<Row>);

/// Reads and checks a file: no database needed, and no transaction held up.
///
/// # Errors
/// No CSV or XLSX; too many rows; a required column is missing.
pub fn check(bytes: &[u8]) -> Result<ItemFile> {
    let sheet = reader::read(bytes)?;
    let columns = Columns::find(&sheet, headings::ITEMS)?;
    let (mut rows, mut faults) = (Vec::with_capacity(sheet.rows.len()), Vec::new());
    for row in &sheet.rows {
        match check_row(&columns, row) {
            Ok(row) => rows.push(row),
            Err(of_row) => faults.extend(of_row),
        }
    }
    Ok(ItemFile(Checked { rows, faults, total: sheet.rows.len() as i64, columns }))
}

#[derive(Serialize)]
struct Trace<'a> {
    file: &'a str,
    rows: i64,
    #[serde(flatten)]
    tally: Tally,
}

/// Adds new items with their opening stock and brings the facts of known ones up to date; items
/// are matched by code. Stock of known items is left alone. With `dry_run` nothing is written; the
/// report is the same.
///
/// # Errors
/// The database fails. Bad rows are no error: the report names them.
pub fn apply(
    tx: &mut Tx<'_>,
    actor: &Actor,
    file: &ItemFile,
    file_name: &str,
    lang: Lang,
    dry_run: bool,
) -> Result<ImportReport> {
    let file = &file.0;
    let mut first_lines: HashMap<&str, i64> = HashMap::with_capacity(file.rows.len());
    let (mut faults, mut tally) = (Vec::new(), Tally::default());
    for row in &file.rows {
        if let Some(first) = first_lines.get(row.code.as_str()) {
            let fault =
                Fault::new(row.line, &file.columns, "code", &row.code, ErrorCode::DuplicateRow);
            faults.push(fault.with(Some(first)));
            continue;
        }
        let input = with_stored_facts(tx, row)?;
        match compare_for_import(tx.conn(), &input, row.opening_stock) {
            Ok(Upsert::Created) => tally.created += 1,
            Ok(Upsert::Updated) => tally.updated += 1,
            Ok(Upsert::Unchanged) => tally.unchanged += 1,
            Err(Error::Refused(refusal)) => {
                faults.extend(refused(row, &file.columns, &refusal));
                continue;
            }
            Err(error) => return Err(error),
        }
        first_lines.insert(&row.code, row.line);
        if !dry_run {
            upsert_for_import(tx, actor, &input, row.opening_stock)?;
        }
    }
    if !dry_run && tally.created + tally.updated > 0 {
        let deed = Deed { action: "item.import", entity: "item", entity_id: 0 };
        let trace = Trace { file: file_name, rows: file.total, tally };
        audit::record::<(), _>(tx, actor, deed, None, Some(&trace))?;
    }
    Ok(file.report(faults, tally, dry_run, lang))
}

/// What is stored of the item, with what the file says.
fn with_stored_facts(tx: &mut Tx<'_>, row: &Row) -> Result<ItemInput> {
    let stored = table::find_by_code(tx.conn(), &row.code)?;
    let stored = stored.as_ref();
    let category = || stored.map_or_else(|| NO_CATEGORY.to_owned(), |item| item.category.clone());
    Ok(ItemInput {
        code: row.code.clone(),
        name: row.name.clone(),
        category: row.category.clone().unwrap_or_else(category),
        unit: row.unit.or(stored.map(|item| item.unit)).unwrap_or(ItemUnit::Pieces),
        serialized: row.serialized.or(stored.map(|item| item.serialized)).unwrap_or(false),
        min_stock: row.min_stock.or(stored.map(|item| item.min_stock)).unwrap_or(0),
        price: row.price.map(Rupiah).or(stored.map(|item| item.price)).unwrap_or_default(),
    })
}

fn refused(row: &Row, columns: &Columns, refusal: &crate::Refusal) -> Vec<Fault> {
    let fault = |field: &str, value: &str, code| Fault::new(row.line, columns, field, value, code);
    if refusal.faults.is_empty() {
        return vec![fault("code", &row.code, refusal.code).with(refusal.param.as_ref())];
    }
    let each = |wrong: &shared::validate::FieldFault| {
        let value = match wrong.field.as_str() {
            "opening_stock" => row.opening_stock.to_string(),
            "code" => row.code.clone(),
            "name" => row.name.clone(),
            _ => String::new(),
        };
        fault(&wrong.field, &value, wrong.code).with(wrong.param.as_ref())
    };
    refusal.faults.iter().map(each).collect()
}

fn check_row(columns: &Columns, row: &SheetRow) -> std::result::Result<Row, Vec<Fault>> {
    let text = |field: &str| columns.text(row, field);
    let mut faults = Vec::new();
    let fault = |field: &str, code| {
        Fault::new(row.line, columns, field, text(field).unwrap_or_default(), code)
    };
    if let Some(surplus) = columns.surplus(row) {
        faults.push(Fault::beyond(row.line, surplus));
    }
    let mut number = |field: &str| {
        let text = text(field)?;
        let number = cells::whole(text);
        match number {
            None => {
                let wrong = fault(field, ErrorCode::WrongType);
                faults.push(wrong.with(Some(cells::shortened(text))));
            }
            Some(below) if below < 0 => {
                faults.push(fault(field, ErrorCode::OutOfRange).with(Some("0–1000000000")));
            }
            Some(_) => {}
        }
        number.filter(|&number| number >= 0)
    };
    let (opening_stock, min_stock) = (number("opening_stock"), number("min_stock"));
    let price = number("price");
    let unit = text("unit").map(unit);
    if unit == Some(None) {
        faults.push(fault("unit", ErrorCode::NotOneOf).with(Some("pcs, meter")));
    }
    let serialized = text("serialized").map(cells::yes_or_no);
    if serialized == Some(None) {
        faults.push(fault("serialized", ErrorCode::NotOneOf).with(Some("ya, tidak")));
    }
    let input = ItemInput {
        code: text("code").unwrap_or_default().to_owned(),
        name: text("name").unwrap_or_default().to_owned(),
        category: text("category").unwrap_or(NO_CATEGORY).to_owned(),
        unit: unit.flatten().unwrap_or(ItemUnit::Pieces),
        serialized: serialized.flatten().unwrap_or(false),
        min_stock: min_stock.unwrap_or(0),
        price: Rupiah(price.unwrap_or(0)),
    };
    // The same rules as for an item that is typed in.
    let input = input.parse().map_err(|wrong| {
        for wrong in wrong {
            let empty = wrong.field == "code" && text("code").is_none();
            let code = if empty { ErrorCode::Required } else { wrong.code };
            faults.push(fault(&wrong.field, code).with(wrong.param.as_ref()));
        }
    });
    match input {
        Ok(input) if faults.is_empty() => Ok(Row {
            line: row.line,
            code: input.code,
            name: input.name,
            category: text("category").map(|_| input.category),
            unit: unit.flatten(),
            serialized: serialized.flatten(),
            opening_stock: opening_stock.unwrap_or(0),
            min_stock,
            price,
        }),
        _ => Err(faults),
    }
}

fn unit(text: &str) -> Option<ItemUnit> {
    Some(match text.to_lowercase().trim_end_matches('.') {
        "pcs" | "pc" | "pce" | "buah" | "bh" | "unit" | "biji" | "bj" | "set" | "piece"
        | "pieces" | "ea" | "each" => ItemUnit::Pieces,
        "meter" | "metre" | "metres" | "meters" | "m" | "mtr" | "mt" => ItemUnit::Metre,
        _ => return None,
    })
}
