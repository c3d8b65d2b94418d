//! Importing what an operator already has in a spreadsheet.

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

/// The answer to an import: what was, or with `dry_run` would be, done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportReport {
    pub dry_run: bool,
    /// Rows below the heading.
    pub rows: i64,
    pub created: i64,
    pub updated: i64,
    /// Already there, just so.
    pub unchanged: i64,
    /// Rows that were left out; each has at least one entry in `problems`.
    pub rejected: i64,
    /// Headings of the file that mean nothing here and were passed over.
    pub ignored_columns: Vec<String>,
    pub problems: Vec<RowProblem>,
}

/// Why a row was left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RowProblem {
    /// Line of the file as a text editor or spreadsheet counts it: the heading is line 1.
    pub line: i64,
    /// Heading of the column as it stands in the file.
    pub column: String,
    /// What stands there; identity numbers are masked.
    pub value: String,
    pub code: ErrorCode,
    pub message: String,
}
