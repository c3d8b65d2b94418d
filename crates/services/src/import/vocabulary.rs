//! Words of a file that mean nothing, once per column.

use std::collections::HashMap;

use shared::Lang;
use shared::import::{ChoiceOption, ImportMapping, UnknownValue, UnknownValues, ValueChoice};

use super::cell_parser::{truncate, word_key};
use super::columns::Columns;
use crate::spreadsheet::Sheet;

/// Words listed per column.
const MAX_LISTED: usize = 100;
/// Different words that are counted per column.
const MAX_COUNTED: usize = 10_000;

/// A field that takes known words only.
#[derive(Debug, Clone, Copy)]
pub(super) struct Vocabulary {
    pub field: &'static str,
    /// A column in which no word is known is about something else, for example payments: it is left out.
    pub left_out_if_unknown: bool,
}

/// What the words of a column may mean.
pub(super) trait Words {
    /// Whether the word is known.
    fn knows(&self, field: &str, word: &str) -> bool;
    /// The known words.
    fn options(&self, field: &str, lang: Lang) -> Vec<ChoiceOption>;
}

/// The unknown words of the file. Columns about something else are taken out of `columns`, unless the mapping
/// names them.
pub(super) fn unknown_values(
    sheet: &Sheet,
    columns: &mut Columns,
    mapping: &ImportMapping,
    vocabularies: &[Vocabulary],
    words: &impl Words,
    lang: Lang,
) -> Vec<UnknownValues> {
    let mut found = Vec::new();
    for vocabulary in vocabularies {
        let field = vocabulary.field;
        // Rows with each word, by its key, and the word as it is written first.
        let (mut unknown, mut any_known) = (HashMap::<String, (String, i64)>::new(), false);
        for row in sheet.rows(0, sheet.len()).filter(|row| !columns.is_no_record(*row)) {
            let Some((word, choice)) = columns.mapped_text(row, field) else { continue };
            let is_known = match choice {
                None => words.knows(field, word),
                Some(ValueChoice::As(other)) => words.knows(field, other),
                Some(ValueChoice::Note | ValueChoice::LeaveOut) => true,
            };
            let key = word_key(word);
            if is_known {
                any_known = true;
            } else if unknown.len() < MAX_COUNTED || unknown.contains_key(&key) {
                unknown.entry(key).or_insert_with(|| (truncate(word), 0)).1 += 1;
            }
        }
        if unknown.is_empty() {
            continue;
        }
        let named = mapping.columns.contains_key(columns.heading(field));
        let left_out = vocabulary.left_out_if_unknown && !any_known && !named;
        let mut values: Vec<(String, i64)> = unknown.into_values().collect();
        values.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        values.truncate(MAX_LISTED);
        let value = |(value, rows)| UnknownValue { value, rows, remembered: None };
        found.push(UnknownValues {
            column: columns.heading(field).to_owned(),
            field: field.to_owned(),
            values: values.into_iter().map(value).collect(),
            options: words.options(field, lang),
            may_be_note: columns.takes_notes(),
            left_out,
        });
        if left_out {
            columns.ignore(field);
        }
    }
    found
}
