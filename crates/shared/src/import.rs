//! Importing what an operator already has in a spreadsheet.

use serde::{Deserialize, Serialize};

use crate::error::ErrorCode;

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
