//! Excel workbooks: the first sheet that has anything in it.

use std::io::{Cursor, Read};

use calamine::{DataRef, Reader, Xlsx, open_workbook_from_rs};
use zip::ZipArchive;

use super::reader::{MAX_COLUMNS, MAX_ROWS, SheetRow, too_many_rows, unreadable, unsupported};
use crate::error::Result;

/// Most bytes of all parts of a workbook together once unpacked: an archive of a few megabytes
/// could otherwise fill the memory.
const MAX_UNPACKED: u64 = 400 * 1024 * 1024;

/// Rows of a workbook, the heading among them. A row is filled up to its last cell only.
///
/// # Errors
/// No workbook; broken; too many rows.
pub fn rows(bytes: &[u8]) -> Result<Vec<SheetRow>> {
    check_unpacked_size(bytes)?;
    let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes))
        .map_err(|_: calamine::XlsxError| unsupported())?;
    for name in book.sheet_names() {
        let rows = sheet_rows(&mut book, &name)?;
        if !rows.is_empty() {
            return Ok(rows);
        }
    }
    Ok(Vec::new())
}

fn check_unpacked_size(bytes: &[u8]) -> Result<()> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(unreadable)?;
    let mut left = MAX_UNPACKED;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(unreadable)?;
        // What the archive says of its sizes may be a lie, so it is counted.
        let size = std::io::copy(&mut part.take(left + 1), &mut std::io::sink());
        left = left
            .checked_sub(size.map_err(unreadable)?)
            .ok_or_else(|| unreadable(format!("> {} MB", MAX_UNPACKED / 1024 / 1024)))?;
    }
    Ok(())
}

fn sheet_rows(book: &mut Xlsx<Cursor<&[u8]>>, name: &str) -> Result<Vec<SheetRow>> {
    let mut reader = book.worksheet_cells_reader(name).map_err(unreadable)?;
    let mut rows: Vec<SheetRow> = Vec::new();
    while let Some(cell) = reader.next_cell().map_err(unreadable)? {
        let (row, column) = cell.get_position();
        let (line, column) = (i64::from(row) + 1, column as usize);
        let text = text(cell.get_value());
        if column >= MAX_COLUMNS || text.is_empty() {
            continue;
        }
        if rows.last().is_none_or(|last| last.line != line) {
            if rows.len() > MAX_ROWS {
                return Err(too_many_rows());
            }
            rows.push(SheetRow { line, cells: Vec::new() });
        }
        let Some(last) = rows.last_mut() else { continue };
        if last.cells.len() <= column {
            last.cells.resize(column + 1, String::new());
        }
        last.cells[column] = text;
    }
    Ok(rows)
}

/// A cell as a person would type it: whole numbers without a fraction, dates year first.
fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            text.clone()
        }
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(value) => value.to_string(),
        DataRef::DateTime(time) => {
            let (year, month, day, ..) = time.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}
