//! An import in batches, each a short transaction of its own.
//!
//! Everybody else's changes go in between, so nobody waits for more than one piece. A piece is
//! written as a whole, with its entries of the audit. An import that is killed leaves whole pieces;
//! the same file again finds their rows as they are and adds the rest.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use db::{Conn, Db, Tx};
use shared::Lang;
use shared::import::ImportReport;

use super::audit_snapshot::ImportSummary;
use super::columns::{ColumnSpec, Columns};
use super::lease::{Lease, LeaseResult};
use super::reader;
use super::report::{self, ImportCounts, RowFault, RowFaults};
use super::sheet::{Sheet, SheetRow};
use crate::Actor;
use crate::audit::{self, AuditEvent};
use crate::error::{Error, Result};
use crate::idempotency::{self, RequestKey};

/// Most rows of one transaction.
const MAX_BATCH_ROWS: usize = 400;
const MIN_BATCH_ROWS: usize = 20;
/// What one transaction should take: others wait for it.
const BATCH_DURATION: Duration = Duration::from_millis(40);

/// How a file is imported.
#[derive(Debug, Clone)]
pub struct ImportRequest {
    /// As the audit names the file.
    pub file_name: String,
    /// Of the report.
    pub lang: Lang,
    /// Only says what would be done; nothing is written, and the report is the same.
    pub dry_run: bool,
    /// What makes a repeated request the same.
    pub request: Option<RequestKey>,
}

/// What came of a request to import a file.
#[derive(Debug)]
pub enum ImportResponse {
    Report(ImportReport),
    /// The same request was answered before: the status and body that are kept of it.
    Repeated(u16, String),
}

/// What was, or would be, done with the rows of a piece.
#[derive(Debug, Default)]
pub(super) struct BatchOutcome<L> {
    pub tally: ImportCounts,
    /// Problems that only the database could tell.
    pub faults: Vec<RowFault>,
    /// What later pieces have to know.
    pub learned: L,
}

/// What rows of one kind are, and where they go.
pub(super) trait ImportTarget: Send + 'static {
    /// A row that is good as far as that can be told without the database.
    type Row: Send + 'static;
    type Learned: Send + 'static;
    const COLUMNS: &'static [ColumnSpec];
    /// The entry of the audit for the file as a whole.
    const AUDIT_EVENT: AuditEvent;

    /// Reads what all rows need.
    fn begin(&mut self, _conn: &mut Conn) -> Result<()> {
        Ok(())
    }

    /// Sees the whole file before its first row is written.
    fn scan_file(&mut self, _columns: &Columns, _sheet: &Sheet) {}

    /// Checks the next row.
    fn check(
        &mut self,
        columns: &Columns,
        row: SheetRow<'_>,
    ) -> std::result::Result<Self::Row, Vec<RowFault>>;

    /// Finds out what would be done.
    fn compare(
        &self,
        conn: &mut Conn,
        columns: &Columns,
        rows: &[Self::Row],
    ) -> Result<BatchOutcome<Self::Learned>>;

    /// Does it. May run more than once.
    fn write(
        &self,
        tx: &mut Tx<'_>,
        actor: &Actor,
        columns: &Columns,
        rows: &[Self::Row],
    ) -> Result<BatchOutcome<Self::Learned>>;

    /// Keeps in mind what a piece did.
    fn remember(&mut self, learnt: Self::Learned);

    /// Tells browsers what all pieces did.
    fn finish(_tx: &mut Tx<'_>, _tally: ImportCounts) {}
}

/// Imports a file. One at a time in an installation.
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
    let sheet = reader::read(file.as_ref())?;
    drop(file);
    let columns = Columns::from_heading(&sheet, T::COLUMNS)?;
    table.scan_file(&columns, &sheet);
    let begin = move |conn: &mut Conn| table.begin(conn).map(|()| table);
    let table = Arc::new(Mutex::new(db.read(begin).await?));
    let run = ImportRun { db, actor, order, lease, columns: Arc::new(columns), table };
    let (faults, tally) = run.run_batches(&sheet).await?;
    let report = faults.report(sheet.len(), tally, &run.columns, order);
    run.finish(&report, tally).await?;
    Ok(report)
}

/// An import under way.
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
        let (mut from, mut count) = (0, MIN_BATCH_ROWS);
        while from < sheet.len() {
            let (mut rows, mut of_piece) = (Vec::with_capacity(count), Vec::new());
            for row in sheet.rows(from, count) {
                match lock(&self.table).check(&self.columns, row) {
                    Ok(row) => rows.push(row),
                    Err(of_row) => of_piece.extend(of_row),
                }
            }
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

    /// One transaction, and how long it held others up: from its first statement to the end of its
    /// commit, with the entries of the audit, which are written last.
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

    /// Says what was done, keeps the answer and gives the lease back, all together.
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

/// So many rows that the next piece takes about as long as it should.
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
