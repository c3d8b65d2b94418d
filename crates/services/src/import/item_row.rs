//! Rows of an import of items.

use db::tables::items::ItemRow;
use shared::import::{ACCEPTED_BOOLEANS, ACCEPTED_UNITS};
use shared::inventory::{ItemInput, ItemUnit, quantity_of_packs};
use shared::number::{parse_decimal, parse_integer};
use shared::{ErrorCode, Lang, Rupiah, stored_text};

use super::cell_parser;
use super::columns::Columns;
use super::report::RowFault;
use crate::spreadsheet::SheetRow;

/// Category of an item whose file names none.
const DEFAULT_CATEGORY: &str = stored_text::DEFAULT_ITEM_CATEGORY.in_lang(Lang::ORGANISATION);

/// A valid row; fields that the file does not contain are `None`.
#[derive(Debug)]
pub(super) struct ParsedItem {
    pub line: i64,
    pub code: String,
    pub name: String,
    pub category: Option<String>,
    pub unit: Option<ItemUnit>,
    pub pack_size: Option<i64>,
    pub serialized: Option<bool>,
    pub opening_stock: i64,
    pub min_stock: Option<i64>,
    pub price: Option<i64>,
}

/// Merges the row into what is stored of the item.
pub(super) fn with_stored_facts(stored: Option<&ItemRow>, row: &ParsedItem) -> ItemInput {
    let category =
        || stored.map_or_else(|| DEFAULT_CATEGORY.to_owned(), |item| item.category.clone());
    ItemInput {
        code: row.code.clone(),
        name: row.name.clone(),
        category: row.category.clone().unwrap_or_else(category),
        unit: row.unit.or(stored.map(|item| item.unit)).unwrap_or(ItemUnit::Pieces),
        pack_size: row.pack_size.or(stored.and_then(|item| item.pack_size)),
        serialized: row.serialized.or(stored.map(|item| item.serialized)).unwrap_or(false),
        min_stock: row.min_stock.or(stored.map(|item| item.min_stock)).unwrap_or(0),
        price: row.price.map(Rupiah).or(stored.map(|item| item.price)).unwrap_or_default(),
    }
}

pub(super) fn parse_row(
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
            None if parse_decimal(text).is_some() => {
                faults.push(fault(field, ErrorCode::NotWhole));
            }
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
    let (price, pack_size) = (number("price"), number("pack_size"));
    let unit = text("unit").map(parse_unit);
    // What is counted in packs is stored in the unit of the item.
    let packs = unit.flatten().is_some_and(|(_, packs)| packs);
    if packs && pack_size.is_none() && faults.is_empty() {
        faults.push(fault("pack_size", ErrorCode::Required));
    }
    let size = pack_size.filter(|size| packs && *size > 0).unwrap_or(1);
    let mut in_units = |field: &str, count: Option<i64>| {
        let quantity = quantity_of_packs(count?, size);
        if quantity.is_none() {
            faults.push(fault(field, ErrorCode::OutOfRange).with_param(Some("0–1000000000")));
        }
        quantity
    };
    let opening_stock = in_units("opening_stock", opening_stock);
    let min_stock = in_units("min_stock", min_stock);
    // The price of a pack, to the nearest rupiah per unit.
    let price = price.map(|price| (price + size / 2) / size);
    let unit = unit.map(|unit| unit.map(|(unit, _)| unit));
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
        pack_size,
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
            pack_size,
            serialized: serialized.flatten(),
            opening_stock: opening_stock.unwrap_or(0),
            min_stock,
            price,
        }),
        _ => Err(faults),
    }
}

/// The unit, and whether the word counts packs of it.
pub(super) fn parse_unit(text: &str) -> Option<(ItemUnit, bool)> {
    Some(match text.to_lowercase().trim_end_matches('.') {
        "pcs" | "pc" | "pce" | "buah" | "bh" | "unit" | "biji" | "bj" | "set" | "piece"
        | "pieces" | "ea" | "each" => (ItemUnit::Pieces, false),
        "meter" | "metre" | "metres" | "meters" | "m" | "mtr" | "mt" => (ItemUnit::Metre, false),
        "roll" | "rol" | "rolls" | "haspel" | "drum" => (ItemUnit::Metre, true),
        "dus" | "box" | "pak" | "pack" | "kotak" | "karton" | "carton" => (ItemUnit::Pieces, true),
        _ => return None,
    })
}
