//! Detection of the file format and reading into rows.

use shared::import::ImportMapping;
use tokio::sync::{Semaphore, SemaphorePermit};

use super::columns::{ColumnSpec, count_known_headings};
use super::{csv_file, xlsx};
use crate::error::{Error, Result};
use crate::spreadsheet::{Sheet, unreadable, unsupported};

/// Signature of ZIP archives, and so of XLSX files.
const ZIP_SIGNATURE: &[u8] = b"PK\x03\x04";
/// Signature of the older binary Excel files.
const OLE_SIGNATURE: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0];

/// Files that are held in memory at the same time, besides the one that is imported.
static TURNS: Semaphore = Semaphore::const_new(2);

/// Waits until there is room for one more file in memory.
///
/// # Errors
/// Never while the server runs.
pub async fn turn() -> Result<SemaphorePermit<'static>> {
    TURNS.acquire().await.map_err(|error| Error::Internal(error.to_string()))
}

/// Reads a CSV or XLSX file, within the limits of [`crate::spreadsheet`]. Takes seconds for a large one. A
/// file without headings keeps its first row, and its heading is empty texts.
///
/// # Errors
/// `UnsupportedMediaType` for other formats, `UnreadableFile` (empty or damaged), `TooMany` (rows),
/// `PayloadTooLarge` (too large once unpacked, or too slow to read), `UnknownReference` (`mapping.sheet`).
pub fn read(bytes: &[u8], specs: &[ColumnSpec], mapping: &ImportMapping) -> Result<Sheet> {
    if bytes.starts_with(OLE_SIGNATURE) {
        return Err(unsupported());
    }
    let has_heading = mapping.has_heading.unwrap_or(true);
    let rate = |headings: &mut dyn Iterator<Item = &str>| {
        if has_heading { count_known_headings(headings, specs, mapping) } else { 0 }
    };
    let mut sheet = if bytes.starts_with(ZIP_SIGNATURE) {
        xlsx::read(bytes, mapping.sheet.as_deref(), rate)?
    } else {
        let mut sheet = csv_file::read(bytes)?;
        sheet.choose_heading(rate);
        sheet
    };
    if sheet.heading().is_empty() {
        return Err(unreadable("0"));
    }
    if !has_heading {
        sheet.without_heading();
    }
    Ok(sheet)
}
