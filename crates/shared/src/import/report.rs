//! Result of an import.

use serde::{Deserialize, Serialize};

use super::columns::{OtherSheet, UnknownValues};
use crate::Localized;
use crate::error::ErrorCode;
use crate::ids::ImportId;

/// Accepted words for the status of a customer.
pub const ACCEPTED_STATUSES: Localized = Localized {
    id: "aktif, isolir, berhenti, calon",
    en: "active, suspended, terminated, prospect",
};
/// Accepted words for the unit of an item.
pub const ACCEPTED_UNITS: Localized =
    Localized { id: "pcs, meter, roll, dus", en: "pcs, metre, roll, box" };
/// Accepted words for yes and no.
pub const ACCEPTED_BOOLEANS: Localized = Localized { id: "ya, tidak", en: "yes, no" };

/// Result of an import: the changes made, or with `dry_run` the changes that would be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportReport {
    /// The entry in the list of imports; null for a dry run.
    pub id: Option<ImportId>,
    pub dry_run: bool,
    /// Every filled row of the file, without the heading.
    pub rows: i64,
    pub created: i64,
    pub updated: i64,
    /// Rows that equal the stored data.
    pub unchanged: i64,
    /// Rows with faults; each has at least one entry in `problems`.
    pub rejected: i64,
    /// Titles, totals, notes and repeated headings; each has an entry in `problems`.
    pub skipped: i64,
    /// Other visible sheets of the workbook, which were not read.
    pub other_sheets: Vec<OtherSheet>,
    /// Headings of columns that were left out, because they are unknown or the mapping says so.
    pub ignored_columns: Vec<String>,
    /// Words that mean nothing, once per column; the rows with them are rejected, unless the whole column
    /// is left out.
    pub unknown_values: Vec<UnknownValues>,
    pub problems: Vec<RowProblem>,
    /// Values that were left out of rows that are imported all the same.
    pub warnings: Vec<RowProblem>,
    /// What a dry run would do with the first rows of each kind; null for an import.
    pub preview: Option<ImportPreview>,
}

/// What would be done with the first rows, at most a hundred of each kind.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportPreview {
    pub created: Vec<PreviewRow>,
    pub updated: Vec<PreviewRow>,
    pub unchanged: Vec<PreviewRow>,
}

/// A row that would be imported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PreviewRow {
    /// Line of the file.
    pub line: i64,
    /// Number of the customer or code of the item; null for a customer who would get the next number.
    pub number: Option<String>,
    pub name: String,
    /// The values of a new row, the differences of a changed one, nothing of an unchanged one.
    pub changes: Vec<FieldChange>,
}

/// A value that would be stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldChange {
    pub field: String,
    /// In the language of the request.
    pub label: String,
    /// The stored value; null for a new row or an empty field. Identity numbers are masked.
    pub before: Option<String>,
    pub after: Option<String>,
}

/// Why a row, or one value of a row, was not imported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RowProblem {
    /// Line of the file as in a text editor or spreadsheet: the heading is line 1.
    pub line: i64,
    /// Heading of the column as in the file.
    pub column: String,
    /// Value of the cell; identity numbers are masked.
    pub value: String,
    pub code: ErrorCode,
    pub message: String,
}
