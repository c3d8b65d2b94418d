//! Import of customers and items from spreadsheets.

use serde::{Deserialize, Serialize};

use crate::Localized;
use crate::error::ErrorCode;

/// Accepted words for the status of a customer.
pub const ACCEPTED_STATUSES: Localized = Localized {
    id: "aktif, isolir, berhenti, calon",
    en: "active, suspended, terminated, prospect",
};
/// Accepted words for the unit of an item.
pub const ACCEPTED_UNITS: Localized = Localized { id: "pcs, meter", en: "pcs, metre" };
/// Accepted words for yes and no.
pub const ACCEPTED_BOOLEANS: Localized = Localized { id: "ya, tidak", en: "yes, no" };

/// Result of an import: the changes made, or with `dry_run` the changes that would be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportReport {
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
    /// Headings of unknown columns, which were ignored.
    pub ignored_columns: Vec<String>,
    pub problems: Vec<RowProblem>,
    /// Values that were left out of rows that are imported all the same.
    pub warnings: Vec<RowProblem>,
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
