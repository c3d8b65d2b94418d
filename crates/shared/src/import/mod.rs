//! Import of customers and items from spreadsheets.
//!
//! A file is read three times: for its columns ([`ImportColumns`]), for what it would change (a dry run), and
//! for the import itself. [`ImportMapping`] says how columns and words are understood, the same each time.

mod columns;
mod history;
mod mapping;
mod report;

pub use columns::{
    ChoiceOption, ColumnSource, ImportColumn, ImportColumns, ImportField, OtherSheet, UnknownValue,
    UnknownValues,
};
pub use history::{Import, ImportKind, ImportStatus, UndoReport};
pub use mapping::{ColumnTarget, ImportMapping, ValueChoice};
pub use report::{
    ACCEPTED_BOOLEANS, ACCEPTED_STATUSES, ACCEPTED_UNITS, FieldChange, ImportPreview, ImportReport,
    PreviewRow, RowProblem,
};
