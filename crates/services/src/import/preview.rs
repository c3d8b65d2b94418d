//! What a dry run would do with the first rows.

use shared::Lang;
use shared::import::{FieldChange, ImportPreview, PreviewRow};

use super::columns::ColumnSpec;

/// Rows of each kind that are shown.
const MAX_ROWS: usize = 100;

/// Collects the rows that are shown.
#[derive(Debug)]
pub(super) struct Previews {
    lang: Lang,
    specs: &'static [ColumnSpec],
    rows: ImportPreview,
}

/// A value before and after.
pub(super) struct ValueChange {
    pub field: &'static str,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// Line, number and name of a row that is shown.
pub(super) struct RowTitle<'a> {
    pub line: i64,
    pub number: Option<&'a str>,
    pub name: &'a str,
}

impl Previews {
    pub(super) fn new(lang: Lang, specs: &'static [ColumnSpec]) -> Self {
        Self { lang, specs, rows: ImportPreview::default() }
    }

    /// The language of labels and words.
    pub(super) fn lang(&self) -> Lang {
        self.lang
    }

    pub(super) fn created(
        &mut self,
        title: RowTitle<'_>,
        values: impl FnOnce() -> Vec<ValueChange>,
    ) {
        if self.rows.created.len() < MAX_ROWS {
            let row = self.row(title, values());
            self.rows.created.push(row);
        }
    }

    pub(super) fn updated(
        &mut self,
        title: RowTitle<'_>,
        values: impl FnOnce() -> Vec<ValueChange>,
    ) {
        if self.rows.updated.len() < MAX_ROWS {
            let row = self.row(title, values());
            self.rows.updated.push(row);
        }
    }

    pub(super) fn unchanged(&mut self, title: RowTitle<'_>) {
        if self.rows.unchanged.len() < MAX_ROWS {
            let row = self.row(title, Vec::new());
            self.rows.unchanged.push(row);
        }
    }

    pub(super) fn finish(self) -> ImportPreview {
        self.rows
    }

    fn row(&self, title: RowTitle<'_>, values: Vec<ValueChange>) -> PreviewRow {
        let changed = values.into_iter().filter(|value| value.before != value.after);
        let change = |value: ValueChange| {
            let spec = self.specs.iter().find(|spec| spec.field == value.field);
            let label = spec.map_or(value.field, |spec| spec.label().in_lang(self.lang));
            FieldChange {
                field: value.field.to_owned(),
                label: label.to_owned(),
                before: value.before,
                after: value.after,
            }
        };
        PreviewRow {
            line: title.line,
            number: title.number.filter(|number| !number.is_empty()).map(str::to_owned),
            name: title.name.to_owned(),
            changes: changed.map(change).collect(),
        }
    }
}
