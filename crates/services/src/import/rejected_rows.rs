//! The rejected rows of a file, with their reasons, to be mended and imported again.

use std::collections::BTreeMap;

use db::Db;
use rust_xlsxwriter::{Color, Format, FormatAlign, Workbook, XlsxError};
use shared::{Lang, Localized};

use super::batches::all_faults;
use super::columns::{REASON_HEADING, column_names};
use super::prepared_file::prepare;
use super::reader;
use super::report::RowFault;
use super::request::ImportRequest;
use super::target::ImportTarget;
use crate::Actor;
use crate::error::{Error, Result};
use crate::spreadsheet::Sheet;

/// What stands below the rows if there are more.
const MORE_ROWS: Localized = Localized {
    id: "Masih ada baris lain yang ditolak. Perbaiki baris-baris ini dan impor, lalu unduh lagi.",
    en: "There are more rejected rows. Mend and import these, then download again.",
};

/// Maximum filled cells of a workbook, which is made in memory.
const MAX_CELLS: usize = 1_000_000;
/// Maximum faults that are kept for the reasons.
const MAX_FAULTS: usize = 200_000;
/// Maximum length of a cell in characters; the format permits 32,767 UTF-16 units.
const MAX_CELL_CHARS: usize = 16_000;

/// Width of a column, in characters.
const COLUMN_WIDTH: f64 = 18.0;
/// Width of the column with the reasons, in characters.
const REASON_WIDTH: f64 = 70.0;

/// Checks a file like a dry run and returns the rejected rows as they are, with their reasons in an additional
/// column, as XLSX in which every cell is a text: so no spreadsheet program shortens a number. Of very many rows,
/// the first ones are returned, and a last row says so.
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
    let _turn = reader::turn().await?;
    let prepared = prepare(db, file, order, target).await?;
    let (sheet, faults) = all_faults(db, actor, order, prepared, MAX_FAULTS).await?;
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
    let reason = u16::try_from(names.len()).unwrap_or(u16::MAX);
    for (column, name) in (0..).zip(&names) {
        page.set_column_width(column, COLUMN_WIDTH)?;
        page.write_with_format(0, column, name, &bold)?;
    }
    page.set_column_width(reason, REASON_WIDTH)?;
    page.write_with_format(0, reason, REASON_HEADING.in_lang(lang), &bold)?;
    page.set_freeze_panes(1, 0)?;
    let (mut line, mut cells) = (1, 0);
    for row in sheet.rows(0, sheet.len()).filter(|row| rejected.contains_key(&row.line)) {
        if cells > MAX_CELLS {
            page.write_with_format(line, reason, MORE_ROWS.in_lang(lang), &red)?;
            break;
        }
        for (index, cell) in row.cells_from(0).enumerate() {
            // What a spreadsheet has turned into a date would come back as a text that nobody wrote.
            if cell.trim().is_empty() || row.is_date(index) {
                continue;
            }
            // Behind the reasons, cells beyond the heading are beyond it again.
            let column = if index < names.len() { index } else { index + 1 };
            let column = u16::try_from(column).unwrap_or(u16::MAX);
            page.write_with_format(line, column, fitting(cell), &text)?;
            cells += 1;
        }
        let reasons = rejected.get(&row.line).map(|faults| reasons(faults, lang));
        page.write_with_format(line, reason, fitting(&reasons.unwrap_or_default()), &red)?;
        line += 1;
    }
    book.save_to_buffer()
}

/// As much of a text as a cell of a workbook may hold.
fn fitting(text: &str) -> &str {
    text.char_indices().nth(MAX_CELL_CHARS).map_or(text, |(end, _)| &text[..end])
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
