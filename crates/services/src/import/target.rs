//! What a kind of rows has to offer to be imported.

use db::{Conn, Tx};
use shared::ImportId;
use shared::import::{ImportKind, ImportMapping};
use shared::live::{ImportProgressEvent, LiveEvent};

use super::columns::{ColumnSpec, Columns};
use super::preview::Previews;
use super::report::{ImportCounts, RowFault};
use super::vocabulary::{Vocabulary, Words};
use crate::Actor;
use crate::audit::AuditEvent;
use crate::error::Result;
use crate::spreadsheet::{Sheet, SheetRow};

/// Result of one batch, written or simulated.
#[derive(Debug, Default)]
pub(super) struct BatchOutcome<L> {
    pub tally: ImportCounts,
    /// Faults that only the database could reveal.
    pub faults: Vec<RowFault>,
    /// What later batches have to know.
    pub learned: L,
}

/// A kind of rows that can be imported.
pub(super) trait ImportTarget: Words + Send + 'static {
    /// A row that is valid as far as that can be checked without the database.
    type Row: Send + 'static;
    type Learned: Send + 'static;
    const KIND: ImportKind;
    const COLUMNS: &'static [ColumnSpec];
    const VOCABULARIES: &'static [Vocabulary];
    /// Audit event for the file as a whole.
    const AUDIT_EVENT: AuditEvent;

    /// Loads what all rows need.
    fn begin(&mut self, _conn: &mut Conn) -> Result<()> {
        Ok(())
    }

    /// Scans the whole file before its first row is written.
    fn scan_file(&mut self, _columns: &mut Columns, _sheet: &Sheet, _mapping: &ImportMapping) {}

    /// Validates the next row. Values that are left out of a valid row are added to `warnings`.
    fn check(
        &mut self,
        columns: &Columns,
        row: SheetRow<'_>,
        warnings: &mut Vec<RowFault>,
    ) -> std::result::Result<Self::Row, Vec<RowFault>>;

    /// Determines what would be done.
    fn compare(
        &self,
        conn: &mut Conn,
        columns: &Columns,
        rows: &[Self::Row],
        previews: &mut Previews,
    ) -> Result<BatchOutcome<Self::Learned>>;

    /// Saves the rows. May run more than once, because transactions are retried.
    fn write(
        &self,
        tx: &mut Tx<'_>,
        actor: &Actor,
        columns: &Columns,
        rows: &[Self::Row],
        import: ImportId,
    ) -> Result<BatchOutcome<Self::Learned>>;

    /// Remembers the result of a batch.
    fn remember(&mut self, learnt: Self::Learned);

    /// Emits the live event for the whole import.
    fn finish(_tx: &mut Tx<'_>, _tally: ImportCounts) {}

    /// The live event for the progress of an import.
    fn progress_event(progress: ImportProgressEvent) -> LiveEvent;
}
