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

use shared::ErrorCode;
use shared::import::OtherSheet;
use shared::text::strip_invisible;

use self::package::Package;
use self::workbook::SheetPart;
use self::worksheet::Context;
use crate::error::{Error, Result};
use crate::spreadsheet::{Sheet, unsupported};

/// Reads a sheet of a workbook: the named one, or else the one whose headings name the most fields, and of
/// equals the one with the most rows. `rate` counts the known headings of a row. The others are named in
/// [`Sheet::other_sheets`].
///
/// # Errors
/// `UnsupportedMediaType`, `UnreadableFile`, `PayloadTooLarge`, `TooMany` (rows); `UnknownReference`
/// (`mapping.sheet`).
pub fn read(
    bytes: &[u8],
    named: Option<&str>,
    rate: impl Fn(&mut dyn Iterator<Item = &str>) -> usize + Copy,
) -> Result<Sheet> {
    let mut package = Package::open(bytes)?;
    let workbook = workbook::read(&mut package)?.ok_or_else(unsupported)?;
    let strings = shared_strings::read(&mut package, &workbook)?;
    let styles = styles::read(&mut package, &workbook)?;
    let context = Context { strings: &strings, styles: &styles, from_1904: workbook.from_1904 };
    let mut best = (Sheet::default(), (false, 0, 0));
    let mut filled = Vec::new();
    for SheetPart { name, part } in &workbook.sheets {
        let Some(mut xml) = package.part(part)? else { continue };
        let mut sheet = worksheet::read(&mut xml, &context)?;
        if sheet.heading().is_empty() {
            continue;
        }
        sheet.choose_heading(rate);
        filled.push(OtherSheet { name: strip_invisible(name), rows: sheet.len() as i64 });
        let known = rate(&mut sheet.heading().iter().map(String::as_str));
        let is_named = named.is_some_and(|named| strip_invisible(named) == strip_invisible(name));
        let rating = (is_named, known, sheet.len());
        if best.0.heading().is_empty() || rating > best.1 {
            sheet.set_name(strip_invisible(name));
            best = (sheet, rating);
        }
    }
    let (mut sheet, (chosen, ..)) = best;
    if named.is_some() && !chosen {
        return Err(Error::field("mapping.sheet", ErrorCode::UnknownReference));
    }
    filled.retain(|other| Some(other.name.as_str()) != sheet.name());
    sheet.set_other_sheets(filled);
    Ok(sheet)
}
