//! Detection of the file format and reading into rows.

use super::columns::{ColumnSpec, count_known_headings};
use super::{csv_file, xlsx};
use crate::error::Result;
use crate::spreadsheet::{Sheet, unreadable, unsupported};

/// Signature of ZIP archives, and so of XLSX files.
const ZIP_SIGNATURE: &[u8] = b"PK\x03\x04";
/// Signature of the older binary Excel files.
const OLE_SIGNATURE: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0];

/// Reads a CSV or XLSX file, within the limits of [`crate::spreadsheet`]. Takes seconds for a large one.
///
/// # Errors
/// `UnsupportedMediaType` for other formats, `UnreadableFile` (empty or damaged), `TooMany` (rows),
/// `PayloadTooLarge` (too large once unpacked, or too slow to read).
pub fn read(bytes: &[u8], specs: &[ColumnSpec]) -> Result<Sheet> {
    if bytes.starts_with(OLE_SIGNATURE) {
        return Err(unsupported());
    }
    let rate = |headings: &mut dyn Iterator<Item = &str>| count_known_headings(headings, specs);
    let sheet = if bytes.starts_with(ZIP_SIGNATURE) {
        xlsx::read(bytes, rate)?
    } else {
        let mut sheet = csv_file::read(bytes)?;
        sheet.choose_heading(rate);
        sheet
    };
    if sheet.heading().is_empty() {
        return Err(unreadable("0"));
    }
    Ok(sheet)
}
