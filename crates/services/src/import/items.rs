//! Import of stock items with their opening stock.

use std::collections::HashMap;

use db::tables::items as table;
use db::{Conn, Db, Tx};
use shared::audit::AuditAction;
use shared::import::{ACCEPTED_BOOLEANS, ACCEPTED_UNITS};
use shared::inventory::{ItemInput, ItemUnit};
use shared::number::parse_integer;
use shared::{ErrorCode, Lang, Rupiah, stored_text};

use super::batches::{self, BatchOutcome, ImportResponse, ImportTarget};
use super::cell_parser;
use super::columns::{ColumnSpec, Columns};
use super::report::RowFault;
use super::request::ImportRequest;
use crate::Actor;
use crate::audit::AuditEvent;
use crate::error::{Error, Result};
use crate::inventory::items::{UpsertResult, compare_for_import, upsert_for_import};
use crate::spreadsheet::SheetRow;

/// Columns of a file of items.
pub(super) const COLUMNS: &[ColumnSpec] = &[
    ColumnSpec {
        field: "code",
        required: true,
        headings: &["Kode", "Kode Barang", "Kode Item", "SKU", "Code", "Item Code", "Part Number"],
    },
    ColumnSpec {
        field: "name",
        required: true,
        headings: &["Nama", "Nama Barang", "Barang", "Name", "Item Name", "Item", "Description"],
    },
    ColumnSpec {
        field: "category",
        required: false,
        headings: &["Kategori", "Jenis", "Jenis Barang", "Kelompok", "Category", "Group", "Type"],
    },
    ColumnSpec {
        field: "unit",
        required: false,
        headings: &["Satuan", "Unit", "UoM", "Unit of Measure"],
    },
    ColumnSpec {
        field: "serialized",
        required: false,
        headings: &[
            "Berseri",
            "Nomor Seri",
            "Pakai Nomor Seri",
            "Serialized",
            "Serialised",
            "Serial",
        ],
    },
    ColumnSpec {
        field: "opening_stock",
        required: false,
        headings: &[
            "Stok awal",
            "Stok",
            "Saldo Awal",
            "Jumlah",
            "Qty",
            "Opening Stock",
            "Opening Balance",
            "Stock",
            "Quantity",
            "On Hand",
        ],
    },
    ColumnSpec {
        field: "min_stock",
        required: false,
        headings: &[
            "Stok minimum",
            "Stok minimal",
            "Minimum",
            "Min",
            "Batas Minimum",
            "Min Stock",
            "Minimum Stock",
            "Reorder Point",
        ],
    },
    ColumnSpec {
        field: "price",
        required: false,
        headings: &["Harga", "Harga Beli", "Harga Satuan", "Price", "Unit Price", "Cost"],
    },
];

/// Category of an item whose file names none.
const DEFAULT_CATEGORY: &str = stored_text::DEFAULT_ITEM_CATEGORY.in_lang(Lang::ORGANISATION);

/// A valid row; fields that the file does not contain are `None`.
#[derive(Debug)]
struct ParsedItem {
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

/// Imports a file of items: creates new ones with their opening stock and updates known ones,
/// matched by code. The stock of known items stays unchanged. Runs as long as the file is large, so
/// call it from a task of its own.
///
/// # Errors
/// As [`super::customers::import`].
pub async fn import(
    db: &Db,
    actor: &Actor,
    file: impl AsRef<[u8]>,
    order: &ImportRequest,
) -> Result<ImportResponse> {
    batches::run(db, actor, file, order, ItemImport::default()).await
}

/// State carried from batch to batch.
#[derive(Default)]
struct ItemImport {
    /// Line of the first valid row of each code.
    first_lines: HashMap<String, i64>,
}

/// A valid row, and the line where its code occurred before.
struct CheckedItem {
    row: ParsedItem,
    first: Option<i64>,
}

impl ImportTarget for ItemImport {
    type Row = CheckedItem;
    /// Codes and lines of accepted rows.
    type Learned = Vec<(String, i64)>;
    const COLUMNS: &'static [ColumnSpec] = COLUMNS;
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
    ) -> Result<BatchOutcome<Self::Learned>> {
        let mut outcome = BatchOutcome::default();
        for candidate in rows {
            compare_row(conn, columns, candidate, &mut outcome)?;
        }
        Ok(outcome)
    }

    fn write(
        &self,
        tx: &mut Tx<'_>,
        actor: &Actor,
        columns: &Columns,
        rows: &[CheckedItem],
    ) -> Result<BatchOutcome<Self::Learned>> {
        let mut outcome = BatchOutcome::default();
        for candidate in rows {
            if let Some(input) = compare_row(tx.conn(), columns, candidate, &mut outcome)? {
                upsert_for_import(tx, actor, &input, candidate.row.opening_stock)?;
            }
        }
        Ok(outcome)
    }

    fn remember(&mut self, learnt: Self::Learned) {
        self.first_lines.extend(learnt);
    }
}

/// Counts what would be done with the row and returns the input to save, unless the row is
/// rejected.
fn compare_row(
    conn: &mut Conn,
    columns: &Columns,
    CheckedItem { row, first }: &CheckedItem,
    outcome: &mut BatchOutcome<Vec<(String, i64)>>,
) -> Result<Option<ItemInput>> {
    let in_piece = || outcome.learned.iter().find(|(code, _)| *code == row.code);
    if let Some(first) = first.or_else(|| in_piece().map(|(_, line)| *line)) {
        let fault = RowFault::new(row.line, columns, "code", &row.code, ErrorCode::DuplicateRow);
        outcome.faults.push(fault.with_param(Some(first)));
        return Ok(None);
    }
    let input = with_stored_facts(conn, row)?;
    match compare_for_import(conn, &input, row.opening_stock) {
        Ok(UpsertResult::Created) => outcome.tally.created += 1,
        Ok(UpsertResult::Updated) => outcome.tally.updated += 1,
        Ok(UpsertResult::Unchanged) => outcome.tally.unchanged += 1,
        Err(Error::Refused(refusal)) => {
            outcome.faults.extend(refusal_faults(row, columns, &refusal));
            return Ok(None);
        }
        Err(error) => return Err(error),
    }
    outcome.learned.push((row.code.clone(), row.line));
    Ok(Some(input))
}

/// Merges the row into what is stored of the item.
fn with_stored_facts(conn: &mut Conn, row: &ParsedItem) -> Result<ItemInput> {
    let stored = table::find_by_code(conn, &row.code)?;
    let stored = stored.as_ref();
    let category =
        || stored.map_or_else(|| DEFAULT_CATEGORY.to_owned(), |item| item.category.clone());
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

fn parse_row(
    columns: &Columns,
    row: SheetRow<'_>,
) -> std::result::Result<ParsedItem, Vec<RowFault>> {
    let text = |field: &str| columns.text(row, field);
    let mut faults = Vec::new();
    let fault = |field: &str, code| {
        RowFault::new(row.line, columns, field, text(field).unwrap_or_default(), code)
    };
    if let Some(surplus) = columns.overflow_text(row) {
        faults.push(RowFault::overflow(row.line, surplus));
    }
    let mut number = |field: &str| {
        let text = text(field)?;
        let number = parse_integer(text);
        match number {
            None => {
                let wrong = fault(field, ErrorCode::WrongType);
                faults.push(wrong.with_param(Some(cell_parser::truncate(text))));
            }
            Some(below) if below < 0 => {
                faults.push(fault(field, ErrorCode::OutOfRange).with_param(Some("0–1000000000")));
            }
            Some(_) => {}
        }
        number.filter(|&number| number >= 0)
    };
    let (opening_stock, min_stock) = (number("opening_stock"), number("min_stock"));
    let price = number("price");
    let unit = text("unit").map(parse_unit);
    if unit == Some(None) {
        faults.push(fault("unit", ErrorCode::NotOneOf).with_accepted(ACCEPTED_UNITS));
    }
    let serialized = text("serialized").map(cell_parser::parse_bool);
    if serialized == Some(None) {
        faults.push(fault("serialized", ErrorCode::NotOneOf).with_accepted(ACCEPTED_BOOLEANS));
    }
    let input = ItemInput {
        code: text("code").unwrap_or_default().to_owned(),
        name: text("name").unwrap_or_default().to_owned(),
        category: text("category").unwrap_or(DEFAULT_CATEGORY).to_owned(),
        unit: unit.flatten().unwrap_or(ItemUnit::Pieces),
        serialized: serialized.flatten().unwrap_or(false),
        min_stock: min_stock.unwrap_or(0),
        price: Rupiah(price.unwrap_or(0)),
    };
    // The same rules as for items entered by hand.
    let input = input.parse().map_err(|wrong| {
        for wrong in wrong {
            let empty = wrong.field == "code" && text("code").is_none();
            let code = if empty { ErrorCode::Required } else { wrong.code };
            faults.push(fault(&wrong.field, code).with_param(wrong.param.as_ref()));
        }
    });
    match input {
        Ok(input) if faults.is_empty() => Ok(ParsedItem {
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

fn parse_unit(text: &str) -> Option<ItemUnit> {
    Some(match text.to_lowercase().trim_end_matches('.') {
        "pcs" | "pc" | "pce" | "buah" | "bh" | "unit" | "biji" | "bj" | "set" | "piece"
        | "pieces" | "ea" | "each" => ItemUnit::Pieces,
        "meter" | "metre" | "metres" | "meters" | "m" | "mtr" | "mt" => ItemUnit::Metre,
        _ => return None,
    })
}
