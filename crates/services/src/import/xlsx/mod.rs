//! Reading of XLSX workbooks: the visible sheet whose headings name the most fields.
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

/// Reads a workbook. `rate` counts the known headings of a row.
///
/// # Errors
/// `UnsupportedMediaType`, `UnreadableFile`, `PayloadTooLarge`, `TooMany` (rows).
pub fn read(
    bytes: &[u8],
    rate: impl Fn(&mut dyn Iterator<Item = &str>) -> usize + Copy,
) -> Result<Sheet> {
    let mut package = Package::open(bytes)?;
    let workbook = workbook::read(&mut package)?.ok_or_else(unsupported)?;
    let strings = shared_strings::read(&mut package, &workbook)?;
    let styles = styles::read(&mut package, &workbook)?;
    let context = Context { strings: &strings, styles: &styles, from_1904: workbook.from_1904 };
    let mut best = (Sheet::default(), 0);
    for part in &workbook.sheets {
        let Some(mut xml) = package.part(part)? else { continue };
        let mut sheet = worksheet::read(&mut xml, &context)?;
        sheet.choose_heading(rate);
        let rating = rate(&mut sheet.heading().iter().map(String::as_str));
        if best.0.heading().is_empty() || rating > best.1 {
            best = (sheet, rating);
        }
    }
    Ok(best.0)
}
