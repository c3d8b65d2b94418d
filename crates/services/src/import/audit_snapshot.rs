//! Audit snapshots of an import.

use db::tables::customers::CustomerValues;
use serde::Serialize;
use shared::Nik;

use super::report::ImportCounts;

/// The import as a whole.
#[derive(Serialize)]
pub(super) struct ImportSummary<'a> {
    pub file: &'a str,
    pub rows: i64,
    #[serde(flatten)]
    pub tally: ImportCounts,
}

/// A customer as recorded in the audit.
#[derive(Serialize)]
pub(super) struct CustomerSnapshot<'a> {
    #[serde(flatten)]
    values: &'a CustomerValues,
    /// Masked.
    nik: Option<String>,
}

impl<'a> CustomerSnapshot<'a> {
    pub(super) fn new(values: &'a CustomerValues, nik: Option<&Nik>) -> Self {
        Self { values, nik: nik.map(Nik::masked) }
    }
}
