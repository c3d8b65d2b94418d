//! What a column without a known heading seems to hold, by its values. A guess is a proposal only.

use shared::import::ImportKind;
use shared::{Coordinates, Nik, PhoneEntry};

use super::cell_parser::is_nothing;
use super::columns::Columns;
use crate::spreadsheet::Sheet;

/// Rows that are looked at.
const ROWS: usize = 200;
/// Share of the filled cells that have to look alike, in percent.
const SHARE: usize = 60;

/// Whether a row without known headings holds values: a number of some length, a phone number or a place.
pub(super) fn looks_like_data(cells: &[String]) -> bool {
    let digits = |cell: &str| cell.bytes().filter(u8::is_ascii_digit).count();
    cells.iter().map(|cell| cell.trim()).any(|cell| digits(cell) >= 6 || is_phone(cell))
}

/// The field that each undecided column without one seems to hold, by the name of the column. Only customers have
/// fields that can be told by their values.
pub(super) fn guess_fields(
    kind: ImportKind,
    columns: &Columns,
    sheet: &Sheet,
    names: &[String],
    undecided: &[String],
) -> Vec<(String, &'static str)> {
    if kind != ImportKind::Customers {
        return Vec::new();
    }
    let taken: Vec<&str> = columns.fields().map(|(_, heading)| heading).collect();
    let mut free: Vec<ColumnValues<'_>> = (0..names.len())
        .filter(|&index| !taken.contains(&names[index].as_str()))
        .filter(|&index| undecided.contains(&names[index]))
        .map(|index| ColumnValues::new(sheet, index))
        .collect();
    let missing: Vec<&str> = columns.missing().map(|spec| spec.field).collect();
    let mut found = Vec::new();
    // The clearest ones first: what is left has to be told by its length.
    for field in ["nik", "coordinates", "phone", "email", "address", "name"] {
        let wanted = missing.contains(&field) || matches!(field, "nik" | "coordinates" | "email");
        if !wanted || columns.fields().any(|(known, _)| known == field) {
            continue;
        }
        let best = free
            .iter()
            .enumerate()
            .map(|(place, values)| (values.score(field), place))
            .filter(|(score, _)| *score > 0)
            // Of equals, the first column.
            .max_by_key(|(score, place)| (*score, usize::MAX - place));
        if let Some((_, place)) = best {
            let values = free.remove(place);
            found.push((names[values.index].clone(), field));
        }
    }
    found
}

/// The first filled cells of a column.
struct ColumnValues<'sheet> {
    index: usize,
    cells: Vec<&'sheet str>,
}

impl<'sheet> ColumnValues<'sheet> {
    fn new(sheet: &'sheet Sheet, index: usize) -> Self {
        let cells = sheet.rows(0, ROWS).filter_map(|row| row.cell(index)).map(str::trim);
        Self { index, cells: cells.filter(|cell| !is_nothing(cell)).collect() }
    }

    /// How much the column looks like the field; 0 if it does not.
    fn score(&self, field: &str) -> usize {
        let average =
            self.cells.iter().map(|cell| cell.len()).sum::<usize>() / self.cells.len().max(1);
        match field {
            "nik" => self.share(|cell| Nik::parse(cell).is_ok()),
            "coordinates" => self.share(|cell| matches!(Coordinates::parse(cell), Ok(Some(_)))),
            "phone" => self.share(is_phone),
            "email" => self.share(|cell| cell.contains('@') && cell.contains('.')),
            "address" if average >= 10 => self.share(has_letters).min(1) * average,
            // Names come before other short texts.
            "name" if average < 40 => self.share(is_name),
            _ => 0,
        }
    }

    /// The share of cells that look so, in percent; 0 if it is too small.
    fn share(&self, looks_so: impl Fn(&str) -> bool) -> usize {
        let count = self.cells.iter().filter(|cell| looks_so(cell)).count();
        let share = count * 100 / self.cells.len().max(1);
        if share >= SHARE { share } else { 0 }
    }
}

/// Whether a text is a phone number and nothing else.
fn is_phone(text: &str) -> bool {
    let allowed = |sign: char| sign.is_ascii_digit() || " +-().'/".contains(sign);
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    digits >= 8 && text.chars().all(allowed) && PhoneEntry::parse(text).is_ok()
}

fn has_letters(text: &str) -> bool {
    text.chars().any(char::is_alphabetic)
}

fn is_name(text: &str) -> bool {
    has_letters(text) && !text.chars().any(|sign| sign.is_ascii_digit() || "/:@".contains(sign))
}

#[cfg(test)]
mod tests {
    use shared::import::ImportMapping;

    use super::*;
    use crate::import::customer_columns;

    #[test]
    fn columns_of_a_list_without_headings_are_recognised_by_their_values() {
        let mut sheet = Sheet::default();
        let rows = [
            ["1", "Siti Rahayu", "0812 3456 7801", "Jl. Kaliurang km 5 No. 3", "3404384937396401"],
            ["2", "Budi", "0812-3456-7802", "Ngaglik RT 02 RW 03", "3404384937396402"],
        ];
        assert!(looks_like_data(&rows[0].map(str::to_owned)));
        for (line, row) in (1..).zip(rows) {
            sheet.push(line, row.into_iter()).unwrap();
        }
        sheet.without_heading();
        let names = super::super::columns::column_names(&sheet);
        let mapping = ImportMapping::default();
        let columns = Columns::map(&sheet, customer_columns::COLUMNS, &mapping).unwrap();
        let guesses = guess_fields(ImportKind::Customers, &columns, &sheet, &names, &names);
        let expected = [("E", "nik"), ("C", "phone"), ("D", "address"), ("B", "name")];
        assert_eq!(guesses, expected.map(|(name, field)| (name.to_owned(), field)));
    }

    #[test]
    fn headings_of_another_kind_are_no_data() {
        assert!(!looks_like_data(&["Orang", "Kontak utama", "RT/RW 2026"].map(str::to_owned)));
    }
}
