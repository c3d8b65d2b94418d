//! A file as rows of text, whatever wrote it.

use shared::ErrorCode;
use shared::validate::FieldFault;

use super::{csv_file, xlsx_file};
use crate::error::{Error, Result};

/// Most rows of one file.
pub const MAX_ROWS: usize = 200_000;
/// Columns beyond these are passed over.
pub const MAX_COLUMNS: usize = 256;

/// The start of every ZIP archive, and so of every XLSX file.
const ZIP: &[u8] = b"PK\x03\x04";
/// The start of the older Excel files.
const OLD_OFFICE: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0];

/// A table whose first filled row is the heading.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    pub heading: Vec<String>,
    pub rows: Vec<SheetRow>,
}

/// A row below the heading. Rows without any text are left out.
#[derive(Debug, Clone, PartialEq)]
pub struct SheetRow {
    /// Line of the file as an editor counts it.
    pub line: i64,
    pub cells: Vec<String>,
}

impl SheetRow {
    /// Whether there is text in any cell.
    pub fn is_filled(&self) -> bool {
        self.cells.iter().any(|cell| !cell.trim().is_empty())
    }
}

/// Reads a CSV or XLSX file.
///
/// # Errors
/// Neither of them ([`ErrorCode::UnsupportedMediaType`]), empty or broken
/// ([`ErrorCode::UnreadableFile`]), too many rows.
pub fn read(bytes: &[u8]) -> Result<Sheet> {
    if bytes.starts_with(OLD_OFFICE) {
        return Err(unsupported());
    }
    let mut rows =
        if bytes.starts_with(ZIP) { xlsx_file::rows(bytes)? } else { csv_file::rows(bytes)? };
    rows.retain(SheetRow::is_filled);
    if rows.is_empty() {
        return Err(unreadable("0"));
    }
    let heading = rows.remove(0).cells;
    Ok(Sheet { heading, rows })
}

/// The refusal of a file that is neither CSV nor XLSX.
pub fn unsupported() -> Error {
    Error::refuse_with(ErrorCode::UnsupportedMediaType, "CSV, XLSX")
}

/// The refusal of a broken file; `why` is what the parser says.
pub fn unreadable(why: impl ToString) -> Error {
    let param = Some(why.to_string());
    vec![FieldFault { field: "file".into(), code: ErrorCode::UnreadableFile, param }].into()
}

/// The refusal of a file with too many rows.
pub fn too_many_rows() -> Error {
    let param = Some(MAX_ROWS.to_string());
    vec![FieldFault { field: "file".into(), code: ErrorCode::TooMany, param }].into()
}
