//! Mapping of spreadsheet columns to fields.

use std::collections::HashSet;

use shared::ErrorCode;
use shared::validate::FieldFault;

use super::cell_parser::truncate;
use crate::error::Result;
use crate::spreadsheet::{Sheet, SheetRow};

/// A field, whether it is required, and its accepted headings; the first one is the heading of our
/// own templates. Case, blanks and punctuation of headings are ignored.
#[derive(Debug)]
pub struct ColumnSpec {
    pub field: &'static str,
    pub required: bool,
    pub headings: &'static [&'static str],
}

/// The columns of a file and the fields they map to.
#[derive(Debug)]
pub struct Columns {
    found: Vec<(&'static str, usize, String)>,
    specs: &'static [ColumnSpec],
    /// Headings that match no field.
    pub ignored: Vec<String>,
    width: usize,
}

/// Number of different fields that the headings name.
pub fn count_known_headings(
    headings: &mut dyn Iterator<Item = &str>,
    specs: &[ColumnSpec],
) -> usize {
    let fields: HashSet<&str> = headings
        .filter_map(|heading| field_of_heading(heading, specs))
        .map(|spec| spec.field)
        .collect();
    fields.len()
}

fn field_of_heading<'a>(heading: &str, specs: &'a [ColumnSpec]) -> Option<&'a ColumnSpec> {
    let plain = normalize_heading(heading);
    specs.iter().find(|spec| spec.headings.iter().any(|name| normalize_heading(name) == plain))
}

impl Columns {
    /// Maps the headings of a file to fields.
    ///
    /// # Errors
    /// `MissingColumn` for each required field without a column.
    pub fn from_heading(sheet: &Sheet, specs: &'static [ColumnSpec]) -> Result<Self> {
        let mut found: Vec<(&'static str, usize, String)> = Vec::new();
        let mut ignored = Vec::new();
        for (index, heading) in sheet.heading().iter().enumerate() {
            let heading = heading.trim();
            let spec = field_of_heading(heading, specs)
                .filter(|spec| found.iter().all(|(field, ..)| *field != spec.field));
            match spec {
                Some(spec) => found.push((spec.field, index, truncate(heading))),
                None if heading.is_empty() => {}
                None => ignored.push(truncate(heading)),
            }
        }
        let missing: Vec<FieldFault> = specs
            .iter()
            .filter(|spec| spec.required && found.iter().all(|(field, ..)| *field != spec.field))
            .map(|spec| FieldFault::new(spec.headings[0], ErrorCode::MissingColumn))
            .collect();
        if missing.is_empty() {
            Ok(Self { found, specs, ignored, width: sheet.heading().len() })
        } else {
            Err(missing.into())
        }
    }

    /// The trimmed text of a field; `None` if the column is absent or the cell is empty.
    pub fn text<'sheet>(&self, row: SheetRow<'sheet>, field: &str) -> Option<&'sheet str> {
        let (_, index, _) = self.found.iter().find(|(name, ..)| *name == field)?;
        let text = row.cell(*index)?.trim();
        (!is_nothing(text)).then_some(text)
    }

    /// Whether the cell of a field was turned into a date or time by the spreadsheet program.
    pub fn is_date(&self, row: SheetRow<'_>, field: &str) -> bool {
        let found = self.found.iter().find(|(name, ..)| *name == field);
        found.is_some_and(|(_, index, _)| row.is_date(*index))
    }

    /// Leaves a column out, and lists it as ignored.
    pub fn ignore(&mut self, field: &str) {
        if let Some(place) = self.found.iter().position(|(name, ..)| *name == field) {
            let (.., heading) = self.found.remove(place);
            self.ignored.push(heading);
        }
    }

    /// Whether a row is a total, a note or a repeated heading instead of data.
    pub fn is_no_record(&self, row: SheetRow<'_>) -> bool {
        let filled: Vec<&str> =
            row.cells_from(0).map(str::trim).filter(|cell| !cell.is_empty()).collect();
        let required = |spec: &&ColumnSpec| spec.required && self.text(row, spec.field).is_none();
        let incomplete = self.specs.iter().any(|spec| required(&spec));
        let sum = filled.iter().take(2).any(|cell| {
            let word: String = cell.chars().take_while(|sign| sign.is_alphabetic()).collect();
            SUM_WORDS.contains(&word.to_lowercase().as_str())
        });
        let repeated = self.found.len() > 1
            && self.found.iter().all(|(_, index, heading)| {
                row.cell(*index).is_some_and(|cell| truncate(cell.trim()) == *heading)
            });
        // A text behind the last heading comes from a surplus delimiter, not from a note.
        let note = filled.len() == 1 && self.overflow_text(row).is_none();
        repeated || (incomplete && (sum || note))
    }

    /// The heading of a field as written in the file.
    pub fn heading(&self, field: &str) -> &str {
        let in_file = self.found.iter().find(|(name, ..)| *name == field);
        let spec = || self.specs.iter().find(|spec| spec.field == field);
        in_file.map_or_else(
            || spec().map_or("", |spec| spec.headings[0]),
            |(_, _, heading)| heading.as_str(),
        )
    }

    /// Text beyond the last column of the heading, caused by a surplus delimiter.
    pub fn overflow_text<'sheet>(&self, row: SheetRow<'sheet>) -> Option<&'sheet str> {
        row.cells_from(self.width).map(str::trim).find(|cell| !cell.is_empty())
    }
}

/// First words of a row with sums.
const SUM_WORDS: [&str; 7] =
    ["total", "jumlah", "grand", "subtotal", "sub", "rekap", "rekapitulasi"];

/// What people and programs write into a cell that holds nothing.
fn is_nothing(text: &str) -> bool {
    const WORDS: [&str; 16] = [
        "",
        "-",
        "–",
        "—",
        "--",
        "?",
        "null",
        "nan",
        "n/a",
        "#n/a",
        "undefined",
        "#ref!",
        "#value!",
        "#name?",
        "#div/0!",
        "(kosong)",
    ];
    text.len() <= 12 && WORDS.contains(&text.to_lowercase().as_str())
}

fn normalize_heading(heading: &str) -> String {
    heading.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::{customer_row, items};

    #[test]
    fn headings_of_both_languages_mean_the_same() {
        let id = Sheet::with_heading(&[
            "NO. PELANGGAN",
            "Nama",
            "No HP",
            "Alamat",
            "Lintang",
            "Bujur",
            "Paket",
        ]);
        let en = Sheet::with_heading(&[
            "number",
            "Name",
            "phone",
            "Address",
            "LATITUDE",
            "longitude",
            "plan",
        ]);
        for sheet in [id, en] {
            let columns = Columns::from_heading(&sheet, customer_row::COLUMNS).unwrap();
            let found: Vec<_> =
                columns.found.iter().map(|(field, index, _)| (*field, *index)).collect();
            let order = ["number", "name", "phone", "address", "latitude", "longitude", "plan"];
            let expected: Vec<_> = order.into_iter().enumerate().map(|(i, f)| (f, i)).collect();
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn duplicate_and_unknown_headings_are_ignored() {
        let sheet =
            Sheet::with_heading(&["nama", "Nomor Telepon", "Telp.", "alamat", "Warna rumah", ""]);
        let columns = Columns::from_heading(&sheet, customer_row::COLUMNS).unwrap();
        assert_eq!(columns.heading("phone"), "Nomor Telepon");
        assert_eq!(columns.ignored, ["Telp.", "Warna rumah"]);
    }

    #[test]
    fn a_missing_required_column_is_reported() {
        let refused =
            Columns::from_heading(&Sheet::with_heading(&["nama", "alamat"]), customer_row::COLUMNS)
                .unwrap_err();
        let crate::Error::Refused(refusal) = refused else { panic!("{refused}") };
        assert_eq!(refusal.faults, [FieldFault::new("No HP", ErrorCode::MissingColumn)]);
    }

    #[test]
    fn no_two_fields_share_a_heading() {
        for specs in [customer_row::COLUMNS, items::COLUMNS] {
            let mut all: Vec<String> = specs
                .iter()
                .flat_map(|spec| spec.headings)
                .map(|name| normalize_heading(name))
                .collect();
            all.sort();
            let count = all.len();
            all.dedup();
            assert_eq!(all.len(), count);
        }
    }
}
