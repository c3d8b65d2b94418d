//! Reading of XLSX workbooks: the first sheet that is not empty.
//!
//! The parts of the archive are streamed, and everything read is charged to a [`budget`], because a
//! small archive may unpack to a thousand times its size. Only the text of the cells is kept.

mod budget;
mod package;
mod shared_strings;
mod styles;
mod text;
mod workbook;
mod worksheet;
mod xml;

use self::package::Package;
use self::worksheet::Context;
use crate::error::Result;
use crate::spreadsheet::{Sheet, unsupported};

/// Reads a workbook.
///
/// # Errors
/// `UnsupportedMediaType`, `UnreadableFile`, `PayloadTooLarge`, `TooMany` (rows).
pub fn read(bytes: &[u8]) -> Result<Sheet> {
    let mut package = Package::open(bytes)?;
    let workbook = workbook::read(&mut package)?.ok_or_else(unsupported)?;
    let strings = shared_strings::read(&mut package, &workbook)?;
    let styles = styles::read(&mut package, &workbook)?;
    let context = Context { strings: &strings, styles: &styles, from_1904: workbook.from_1904 };
    for part in &workbook.sheets {
        let Some(mut xml) = package.part(part)? else { continue };
        let sheet = worksheet::read(&mut xml, &context)?;
        if !sheet.heading().is_empty() {
            return Ok(sheet);
        }
    }
    Ok(Sheet::default())
}
