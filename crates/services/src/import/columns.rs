//! Mapping of spreadsheet columns to fields.

use std::collections::{BTreeMap, HashMap, HashSet};

use shared::import::{ColumnTarget, ImportMapping, ValueChoice};
use shared::validate::FieldFault;
use shared::{ErrorCode, Localized};

use super::cell_parser::{is_nothing, truncate, word_key};
use crate::error::Result;
use crate::spreadsheet::{Sheet, SheetRow};

/// Heading of the column with the reasons; an import ignores it.
pub const REASON_HEADING: Localized =
    Localized { id: "Alasan ditolak", en: "Reason for rejection" };

/// A field, whether it is required, and its accepted headings. Case, blanks and punctuation of headings are
/// ignored.
#[derive(Debug)]
pub struct ColumnSpec {
    pub field: &'static str,
    /// The label in English, one of the headings.
    pub english: &'static str,
    pub required: bool,
    /// The first one is the label in Indonesian and the heading of our own templates.
    pub headings: &'static [&'static str],
}

impl ColumnSpec {
    /// The label of the field.
    pub fn label(&self) -> Localized {
        Localized { id: self.headings[0], en: self.english }
    }
}

/// A column of the file.
#[derive(Debug)]
struct Column {
    index: usize,
    heading: String,
    /// What words of the column mean, by [`word_key`].
    values: HashMap<String, ValueChoice>,
}

impl Column {
    /// The trimmed text of a cell; `None` if it is empty.
    fn text<'sheet>(&self, row: SheetRow<'sheet>) -> Option<&'sheet str> {
        let text = row.cell(self.index)?.trim();
        (!is_nothing(text)).then_some(text)
    }

    fn choice(&self, text: &str) -> Option<&ValueChoice> {
        if self.values.is_empty() { None } else { self.values.get(&word_key(text)) }
    }
}

/// The columns of a file and the fields they map to.
#[derive(Debug)]
pub struct Columns {
    found: Vec<(&'static str, Column)>,
    /// Columns that are kept in the notes.
    notes: Vec<Column>,
    specs: &'static [ColumnSpec],
    /// Headings of columns that are left out.
    pub ignored: Vec<String>,
    width: usize,
}

/// Number of headings that name different fields, or that the mapping mentions.
pub fn count_known_headings(
    headings: &mut dyn Iterator<Item = &str>,
    specs: &[ColumnSpec],
    mapping: &ImportMapping,
) -> usize {
    let (mut fields, mut mapped) = (HashSet::new(), 0);
    for heading in headings {
        if mapping.columns.contains_key(&truncate(heading.trim())) {
            mapped += 1;
        } else if let Some(spec) = field_of_heading(heading, specs) {
            fields.insert(spec.field);
        }
    }
    fields.len() + mapped
}

fn field_of_heading<'a>(heading: &str, specs: &'a [ColumnSpec]) -> Option<&'a ColumnSpec> {
    let plain = normalize_heading(heading);
    specs.iter().find(|spec| spec.headings.iter().any(|name| normalize_heading(name) == plain))
}

/// The name of each column: its heading, made unique, or the letters of a spreadsheet where there is none.
pub fn column_names(sheet: &Sheet) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(sheet.heading().len());
    for (index, heading) in sheet.heading().iter().enumerate() {
        let heading = truncate(heading.trim());
        let heading = if heading.is_empty() { column_letters(index) } else { heading };
        let mut name = heading.clone();
        let mut count = 1;
        while names.contains(&name) {
            count += 1;
            name = format!("{heading} ({count})");
        }
        names.push(name);
    }
    names
}

/// `A` for 0, `Z` for 25, `AA` for 26.
pub fn column_letters(index: usize) -> String {
    let letter = |number: usize| char::from(b'A' + u8::try_from(number % 26).unwrap_or_default());
    match index / 26 {
        0 => letter(index).to_string(),
        more => format!("{}{}", column_letters(more - 1), letter(index)),
    }
}

impl Columns {
    /// Maps the columns of a file to fields: as the mapping says, the others by their headings. Required
    /// fields may be missing, see [`Columns::check_complete`].
    ///
    /// # Errors
    /// For `mapping.columns[…]`: `UnknownReference` (no such heading), `NotOneOf` (no such field), `TooMany`
    /// (a field named twice); for `mapping.values[…]`: `UnknownReference` (no such heading).
    pub fn map(
        sheet: &Sheet,
        specs: &'static [ColumnSpec],
        mapping: &ImportMapping,
    ) -> Result<Self> {
        let names = column_names(sheet);
        check_mapping(&names, specs, mapping)?;
        let chosen: HashSet<&str> = mapping.columns.values().filter_map(field_name).collect();
        let (width, ignored) = (sheet.heading().len(), Vec::new());
        let mut columns = Self { found: Vec::new(), notes: Vec::new(), specs, ignored, width };
        for (index, heading) in names.into_iter().enumerate() {
            if is_reason(&heading) {
                continue;
            }
            let values = mapping.values.get(&heading).map(by_word_key).unwrap_or_default();
            let target = mapping.columns.get(&heading);
            let by_heading = || {
                let is_free =
                    |spec: &&ColumnSpec| !chosen.contains(spec.field) && !columns.has(spec.field);
                // A second column of the same heading, `No HP (2)`, may be the second number.
                field_of_heading(&sheet.heading()[index], specs)
                    .filter(is_free)
                    .or_else(|| field_of_heading(&heading, specs).filter(is_free))
            };
            let field = match target {
                None => by_heading().map(|spec| spec.field),
                Some(target) => field_name(target)
                    .and_then(|name| specs.iter().find(|spec| spec.field == name))
                    .map(|spec| spec.field),
            };
            let filled = || sheet.rows(0, usize::MAX).any(|row| filled_cell(row, index));
            let named = !sheet.heading()[index].trim().is_empty();
            match (field, target) {
                (Some(field), _) => columns.found.push((field, Column { index, heading, values })),
                (None, Some(ColumnTarget::Note)) => {
                    columns.notes.push(Column { index, heading, values });
                }
                (None, Some(_)) => columns.ignored.push(heading),
                (None, None) if named || filled() => columns.ignored.push(heading),
                (None, None) => {}
            }
        }
        Ok(columns)
    }

    /// Checks that every required field has a column.
    ///
    /// # Errors
    /// `MissingColumn` for each one without.
    pub fn check_complete(&self) -> Result<()> {
        let missing: Vec<FieldFault> = self
            .missing()
            .map(|spec| FieldFault::new(spec.headings[0], ErrorCode::MissingColumn))
            .collect();
        if missing.is_empty() { Ok(()) } else { Err(missing.into()) }
    }

    /// Required fields without a column.
    pub fn missing(&self) -> impl Iterator<Item = &'static ColumnSpec> {
        self.specs.iter().filter(|spec| spec.required && !self.has(spec.field))
    }

    fn has(&self, field: &str) -> bool {
        self.column(field).is_some()
    }

    fn column(&self, field: &str) -> Option<&Column> {
        self.found.iter().find(|(name, _)| *name == field).map(|(_, column)| column)
    }

    /// Whether there are notes that can hold what has no field.
    pub fn takes_notes(&self) -> bool {
        takes_notes(self.specs)
    }

    /// The field and the name of each column that has one.
    pub fn fields(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.found.iter().map(|(field, column)| (*field, column.heading.as_str()))
    }

    /// The text of a field, or what the mapping puts in its place; `None` if the column is absent, the cell is
    /// empty or the mapping leaves the word out.
    pub fn text<'a>(&'a self, row: SheetRow<'a>, field: &str) -> Option<&'a str> {
        let column = self.column(field)?;
        let text = column.text(row)?;
        match column.choice(text) {
            None => Some(text),
            Some(ValueChoice::As(word)) => Some(word),
            Some(ValueChoice::Note | ValueChoice::LeaveOut) => None,
        }
    }

    /// The text of a field as in the file, and what the mapping says that it means.
    pub fn mapped_text<'a>(
        &'a self,
        row: SheetRow<'a>,
        field: &str,
    ) -> Option<(&'a str, Option<&'a ValueChoice>)> {
        let column = self.column(field)?;
        let text = column.text(row)?;
        Some((text, column.choice(text)))
    }

    /// What the mapping keeps in the notes: headings and texts.
    pub fn notes<'a>(&'a self, row: SheetRow<'a>) -> Vec<(&'a str, &'a str)> {
        let note = |column: &'a Column| Some((column.heading.as_str(), column.text(row)?));
        let is_note = |column: &&Column| {
            let choice = column.text(row).and_then(|text| column.choice(text));
            choice == Some(&ValueChoice::Note)
        };
        let of_value = self.found.iter().map(|(_, column)| column).filter(is_note);
        self.notes.iter().chain(of_value).filter_map(note).collect()
    }

    /// Whether the cell of a field was turned into a date or time by the spreadsheet program.
    pub fn is_date(&self, row: SheetRow<'_>, field: &str) -> bool {
        self.column(field).is_some_and(|column| row.is_date(column.index))
    }

    /// Leaves a column out, and lists it as ignored.
    pub fn ignore(&mut self, field: &str) {
        if let Some(place) = self.found.iter().position(|(name, _)| *name == field) {
            let (_, column) = self.found.remove(place);
            self.ignored.push(column.heading);
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
            && self.found.iter().all(|(_, column)| {
                row.cell(column.index).is_some_and(|cell| truncate(cell.trim()) == column.heading)
            });
        // A text behind the last heading comes from a surplus delimiter, not from a note.
        let note = filled.len() == 1 && self.overflow_text(row).is_none();
        repeated || (incomplete && (sum || note))
    }

    /// The heading of a field as written in the file.
    pub fn heading(&self, field: &str) -> &str {
        let spec = || self.specs.iter().find(|spec| spec.field == field);
        self.column(field).map_or_else(
            || spec().map_or("", |spec| spec.headings[0]),
            |column| column.heading.as_str(),
        )
    }

    /// Text beyond the last column of the heading, caused by a surplus delimiter.
    pub fn overflow_text<'sheet>(&self, row: SheetRow<'sheet>) -> Option<&'sheet str> {
        row.cells_from(self.width).map(str::trim).find(|cell| !cell.is_empty())
    }
}

fn filled_cell(row: SheetRow<'_>, index: usize) -> bool {
    row.cell(index).is_some_and(|cell| !is_nothing(cell.trim()))
}

fn field_name(target: &ColumnTarget) -> Option<&str> {
    match target {
        ColumnTarget::Field(field) => Some(field),
        ColumnTarget::Note | ColumnTarget::LeaveOut => None,
    }
}

fn by_word_key(words: &BTreeMap<String, ValueChoice>) -> HashMap<String, ValueChoice> {
    words.iter().map(|(word, choice)| (word_key(word), choice.clone())).collect()
}

/// Whether the column holds the reasons of an earlier import.
fn is_reason(heading: &str) -> bool {
    let plain = normalize_heading(heading);
    [REASON_HEADING.id, REASON_HEADING.en].into_iter().any(|name| normalize_heading(name) == plain)
}

fn takes_notes(specs: &[ColumnSpec]) -> bool {
    specs.iter().any(|spec| spec.field == "notes")
}

fn check_mapping(names: &[String], specs: &[ColumnSpec], mapping: &ImportMapping) -> Result<()> {
    let mut faults = Vec::new();
    let mut fault = |heading: &str, code, param: Option<String>| {
        faults.push(FieldFault { field: format!("mapping.columns[{heading}]"), code, param });
    };
    let mut seen = HashSet::new();
    for (heading, target) in &mapping.columns {
        if !names.contains(heading) {
            fault(heading, ErrorCode::UnknownReference, None);
        }
        let unknown = match target {
            ColumnTarget::Field(name) => !specs.iter().any(|spec| spec.field == name),
            ColumnTarget::Note => !takes_notes(specs),
            ColumnTarget::LeaveOut => false,
        };
        if unknown {
            let all: Vec<&str> = specs.iter().map(|spec| spec.field).collect();
            fault(heading, ErrorCode::NotOneOf, Some(all.join(", ")));
        } else if field_name(target).is_some_and(|field| !seen.insert(field)) {
            fault(heading, ErrorCode::TooMany, Some("1".into()));
        }
    }
    for heading in mapping.values.keys().filter(|heading| !names.contains(heading)) {
        let field = format!("mapping.values[{heading}]");
        faults.push(FieldFault::new(field, ErrorCode::UnknownReference));
    }
    if faults.is_empty() { Ok(()) } else { Err(faults.into()) }
}

/// First words of a row with sums.
const SUM_WORDS: [&str; 7] =
    ["total", "jumlah", "grand", "subtotal", "sub", "rekap", "rekapitulasi"];

fn normalize_heading(heading: &str) -> String {
    heading.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests;
