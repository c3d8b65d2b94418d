//! The rejected rows of a file, with their reasons, to be mended and imported again.

use std::collections::BTreeMap;

use db::Db;
use rust_xlsxwriter::{Color, Format, FormatAlign, Workbook, XlsxError};
use shared::{Lang, Localized};

use super::batches::all_faults;
use super::columns::column_names;
use super::prepared_file::prepare;
use super::report::RowFault;
use super::request::ImportRequest;
use super::target::ImportTarget;
use crate::Actor;
use crate::error::{Error, Result};
use crate::spreadsheet::Sheet;

/// Heading of the column with the reasons; an import ignores it.
pub(super) const REASON_HEADING: Localized =
    Localized { id: "Alasan ditolak", en: "Reason for rejection" };

/// Width of a column, in characters.
const COLUMN_WIDTH: f64 = 18.0;
/// Width of the column with the reasons, in characters.
const REASON_WIDTH: f64 = 70.0;

/// Checks a file like a dry run and returns the rejected rows as they are, with their reasons in an additional
/// column, as XLSX in which every cell is a text: so no spreadsheet program shortens a number.
///
/// # Errors
/// As an import.
pub(super) async fn write<T: ImportTarget>(
    db: &Db,
    actor: &Actor,
    file: impl AsRef<[u8]>,
    order: &ImportRequest,
    target: T,
) -> Result<Vec<u8>> {
    let prepared = prepare(db, file, order, target).await?;
    let (sheet, faults) = all_faults(db, actor, order, prepared).await?;
    to_xlsx(&sheet, &faults.of_rejected_rows(), order.lang)
        .map_err(|error| Error::Internal(format!("XLSX: {error}")))
}

fn to_xlsx(
    sheet: &Sheet,
    rejected: &BTreeMap<i64, Vec<&RowFault>>,
    lang: Lang,
) -> std::result::Result<Vec<u8>, XlsxError> {
    let text = Format::new().set_num_format("@");
    let bold = Format::new().set_num_format("@").set_bold();
    let red = Format::new().set_font_color(Color::Red).set_text_wrap().set_align(FormatAlign::Top);
    let mut book = Workbook::new();
    let page = book.add_worksheet();
    let names = column_names(sheet);
    let rows = || sheet.rows(0, sheet.len()).filter(|row| rejected.contains_key(&row.line));
    // Behind cells beyond the heading, which are a reason themselves.
    let widest = rows().map(|row| row.cells_from(0).count()).max().unwrap_or(0).max(names.len());
    let reason = u16::try_from(widest).unwrap_or(u16::MAX);
    for (column, name) in (0..).zip(&names) {
        page.set_column_width(column, COLUMN_WIDTH)?;
        page.write_with_format(0, column, name, &bold)?;
    }
    page.set_column_width(reason, REASON_WIDTH)?;
    page.write_with_format(0, reason, REASON_HEADING.in_lang(lang), &bold)?;
    page.set_freeze_panes(1, 0)?;
    for (line, row) in (1..).zip(rows()) {
        for (column, cell) in (0..reason).zip(row.cells_from(0)) {
            page.write_with_format(line, column, cell, &text)?;
        }
        let reasons = rejected.get(&row.line).map(|faults| reasons(faults, lang));
        page.write_with_format(line, reason, reasons.unwrap_or_default(), &red)?;
    }
    book.save_to_buffer()
}

/// `No HP: …; Paket: …`
fn reasons(faults: &[&RowFault], lang: Lang) -> String {
    let reason = |fault: &&RowFault| {
        let problem = fault.render(lang);
        match problem.column.as_str() {
            "" => problem.message,
            column => format!("{column}: {}", problem.message),
        }
    };
    faults.iter().map(reason).collect::<Vec<_>>().join("; ")
}
