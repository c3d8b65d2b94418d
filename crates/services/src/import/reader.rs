//! A file as rows of text, whatever wrote it.

use super::sheet::{Sheet, unreadable, unsupported};
use super::{csv_file, xlsx};
use crate::error::Result;

/// The start of every ZIP archive, and so of every XLSX file.
const ZIP_SIGNATURE: &[u8] = b"PK\x03\x04";
/// The start of the older Excel files.
const OLE_SIGNATURE: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0];

/// Reads a CSV or XLSX file. Takes seconds for a large one, and no more than [`super::sheet`] allows.
///
/// # Errors
/// Neither of them ([`shared::ErrorCode::UnsupportedMediaType`]); empty or broken
/// ([`shared::ErrorCode::UnreadableFile`]); too many rows; unfolds to too much, or takes too long
/// ([`shared::ErrorCode::PayloadTooLarge`]).
pub fn read(bytes: &[u8]) -> Result<Sheet> {
    if bytes.starts_with(OLE_SIGNATURE) {
        return Err(unsupported());
    }
    let sheet =
        if bytes.starts_with(ZIP_SIGNATURE) { xlsx::read(bytes)? } else { csv_file::read(bytes)? };
    if sheet.heading().is_empty() {
        return Err(unreadable("0"));
    }
    Ok(sheet)
}
