//! Batch processing of an import: each batch is a short transaction of its own.
//!
//! Other changes run in between, so nobody waits for more than one batch. A batch is atomic, audit
//! entries included. An import that is killed leaves complete batches; importing the same file
//! again finds their rows unchanged and adds the rest.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use db::{Conn, Db, Tx};
use shared::import::ImportReport;

use super::audit_snapshot::ImportSummary;
use super::columns::{ColumnSpec, Columns};
use super::lease::{Lease, LeaseResult};
use super::reader;
use super::report::{self, ImportCounts, RowFault, RowFaults};
use super::request::ImportRequest;
use crate::Actor;
use crate::audit::{self, AuditEvent};
use crate::error::{Error, Result};
use crate::idempotency;
use crate::spreadsheet::{Sheet, SheetRow};

/// Maximum rows of one transaction.
const MAX_BATCH_ROWS: usize = 400;
const MIN_BATCH_ROWS: usize = 20;
/// Target duration of one transaction, because others wait for it.
const BATCH_DURATION: Duration = Duration::from_millis(40);

/// Result of an import request.
#[derive(Debug)]
pub enum ImportResponse {
    Report(ImportReport),
    /// The same request was answered before: status and body of the stored response.
    Repeated(u16, String),
}

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
pub(super) trait ImportTarget: Send + 'static {
    /// A row that is valid as far as that can be checked without the database.
    type Row: Send + 'static;
    type Learned: Send + 'static;
    const COLUMNS: &'static [ColumnSpec];
    /// Audit event for the file as a whole.
    const AUDIT_EVENT: AuditEvent;

    /// Loads what all rows need.
    fn begin(&mut self, _conn: &mut Conn) -> Result<()> {
        Ok(())
    }

    /// Scans the whole file before its first row is written.
    fn scan_file(&mut self, _columns: &mut Columns, _sheet: &Sheet) {}

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
    ) -> Result<BatchOutcome<Self::Learned>>;

    /// Saves the rows. May run more than once, because transactions are retried.
    fn write(
        &self,
        tx: &mut Tx<'_>,
        actor: &Actor,
        columns: &Columns,
        rows: &[Self::Row],
    ) -> Result<BatchOutcome<Self::Learned>>;

    /// Remembers the result of a batch.
    fn remember(&mut self, learnt: Self::Learned);

    /// Emits the live event for the whole import.
    fn finish(_tx: &mut Tx<'_>, _tally: ImportCounts) {}
}

/// Imports a file, one at a time per installation.
pub(super) async fn run<T: ImportTarget>(
    db: &Db,
    actor: &Actor,
    file: impl AsRef<[u8]>,
    order: &ImportRequest,
    table: T,
) -> Result<ImportResponse> {
    let lease = match Lease::acquire(db, order.request.clone()).await? {
        LeaseResult::Lease(lease) => lease,
        LeaseResult::AlreadyAnswered(status, body) => {
            return Ok(ImportResponse::Repeated(status, body));
        }
    };
    let done = import(db, actor, file, order, table, &lease).await;
    if done.is_err() {
        lease.release_after_failure(db).await;
    }
    done.map(ImportResponse::Report)
}

async fn import<T: ImportTarget>(
    db: &Db,
    actor: &Actor,
    file: impl AsRef<[u8]>,
    order: &ImportRequest,
    mut table: T,
    lease: &Lease,
) -> Result<ImportReport> {
    let sheet = reader::read(file.as_ref(), T::COLUMNS)?;
    drop(file);
    let mut columns = Columns::from_heading(&sheet, T::COLUMNS)?;
    table.scan_file(&mut columns, &sheet);
    let begin = move |conn: &mut Conn| table.begin(conn).map(|()| table);
    let table = Arc::new(Mutex::new(db.read(begin).await?));
    let run = ImportRun { db, actor, order, lease, columns: Arc::new(columns), table };
    let (faults, tally) = run.run_batches(&sheet).await?;
    let rows = sheet.preamble().len() + sheet.len();
    let report = faults.report(rows, tally, &run.columns, order);
    run.finish(&report, tally).await?;
    Ok(report)
}

/// A running import.
struct ImportRun<'a, T> {
    db: &'a Db,
    actor: &'a Actor,
    order: &'a ImportRequest,
    lease: &'a Lease,
    columns: Arc<Columns>,
    table: Arc<Mutex<T>>,
}

impl<T: ImportTarget> ImportRun<'_, T> {
    async fn run_batches(&self, sheet: &Sheet) -> Result<(RowFaults, ImportCounts)> {
        let (mut faults, mut tally) = (RowFaults::default(), ImportCounts::default());
        let above = sheet.preamble().iter();
        faults.extend(above.map(|(line, text)| RowFault::not_a_record(*line, text)).collect());
        let (mut from, mut count) = (0, MIN_BATCH_ROWS);
        while from < sheet.len() {
            let (mut rows, mut of_piece) = (Vec::with_capacity(count), Vec::new());
            let mut warnings = Vec::new();
            for row in sheet.rows(from, count) {
                match self.check(row, &mut warnings) {
                    Ok(row) => rows.push(row),
                    Err(of_row) => of_piece.extend(of_row),
                }
            }
            faults.warn(warnings);
            from += count;
            let (outcome, took) = self.run_batch(rows).await?;
            tally = tally.plus(outcome.tally);
            of_piece.extend(outcome.faults);
            faults.extend(of_piece);
            lock(&self.table).remember(outcome.learned);
            count = next_batch_rows(count, took);
        }
        Ok((faults, tally))
    }

    fn check(
        &self,
        row: SheetRow<'_>,
        warnings: &mut Vec<RowFault>,
    ) -> std::result::Result<T::Row, Vec<RowFault>> {
        let text = || row.cells_from(0).collect::<Vec<_>>().join(" ");
        if row.has_unclosed_quote() {
            return Err(vec![RowFault::unclosed_quote(row.line, &text())]);
        }
        if self.columns.is_no_record(row) {
            return Err(vec![RowFault::not_a_record(row.line, &text())]);
        }
        lock(&self.table).check(&self.columns, row, warnings)
    }

    /// Runs one transaction and measures how long it blocked others: from its first statement to
    /// the end of its commit, including the audit entries, which are written last.
    async fn run_batch(&self, rows: Vec<T::Row>) -> Result<(BatchOutcome<T::Learned>, Duration)> {
        let (table, columns) = (Arc::clone(&self.table), Arc::clone(&self.columns));
        let lease = self.lease.clone();
        if self.order.dry_run {
            self.db.write(move |tx| lease.renew(tx)).await?;
            let compare = move |conn: &mut Conn| lock(&table).compare(conn, &columns, &rows);
            return Ok((self.db.read(compare).await?, Duration::ZERO));
        }
        let actor = self.actor.clone();
        let write = move |tx: &mut Tx<'_>| {
            let begin = Instant::now();
            lease.renew(tx)?;
            let outcome = lock(&table).write(tx, &actor, &columns, &rows)?;
            Ok::<_, Error>((outcome, begin))
        };
        let (outcome, begin) = self.db.write(write).await?;
        Ok((outcome, begin.elapsed()))
    }

    /// Records the import, stores the response and releases the lease in one transaction.
    async fn finish(&self, report: &ImportReport, tally: ImportCounts) -> Result<()> {
        let (order, actor, lease) = (self.order.clone(), self.actor.clone(), self.lease.clone());
        let kept = order.request.as_ref().map(|_| report::stored_body(report)).unwrap_or_default();
        let rows = report.rows;
        let finish = move |tx: &mut Tx<'_>| {
            lease.renew(tx)?;
            if !order.dry_run && tally.changes() {
                let trace = ImportSummary { file: &order.file_name, rows, tally };
                audit::record::<(), _>(tx, &actor, T::AUDIT_EVENT, None, Some(&trace))?;
                T::finish(tx, tally);
            }
            if let Some(request) = &order.request {
                idempotency::store_response(tx, request, 200, &kept)?;
            }
            lease.release(tx)
        };
        self.db.write(finish).await
    }
}

/// Number of rows that makes the next batch take about [`BATCH_DURATION`].
fn next_batch_rows(count: usize, took: Duration) -> usize {
    let per_row = took.as_nanos() / (count as u128);
    let fitting = BATCH_DURATION.as_nanos() / per_row.max(1);
    usize::try_from(fitting)
        .unwrap_or(MAX_BATCH_ROWS)
        .min(count * 2)
        .clamp(MIN_BATCH_ROWS, MAX_BATCH_ROWS)
}

fn lock<T>(table: &Mutex<T>) -> MutexGuard<'_, T> {
    table.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batch_size_follows_the_time_a_batch_takes() {
        let millis = Duration::from_millis;
        assert_eq!(next_batch_rows(20, millis(1)), 40);
        assert_eq!(next_batch_rows(100, millis(40)), 100);
        assert_eq!(next_batch_rows(300, millis(120)), 100);
        assert_eq!(next_batch_rows(400, Duration::ZERO), MAX_BATCH_ROWS);
        assert_eq!(next_batch_rows(20, millis(5_000)), MIN_BATCH_ROWS);
    }
}
