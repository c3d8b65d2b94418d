//! Batch processing of an import: each batch is a short transaction of its own.
//!
//! Other changes run in between, so nobody waits for more than one batch. A batch is atomic, audit
//! entries included. An import that is killed leaves complete batches; importing the same file
//! again finds their rows unchanged and adds the rest.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use db::tables::imports;
use db::{Conn, Db, Tx};
use shared::ImportId;
use shared::import::{ImportPreview, ImportReport, ImportStatus};
use shared::live::{ImportProgressEvent, LiveEvent};

use super::audit_snapshot::ImportSummary;
use super::columns::Columns;
use super::history;
use super::lease::{Lease, LeaseResult};
use super::prepared_file::{PreparedFile, prepare};
use super::preview::Previews;
use super::report::{self, ImportCounts, RowFault, RowFaults};
use super::request::ImportRequest;
use super::target::{BatchOutcome, ImportTarget};
use crate::Actor;
use crate::audit;
use crate::error::{Error, Result};
use crate::idempotency;
use crate::spreadsheet::{Sheet, SheetRow};

/// Maximum rows of one transaction.
const MAX_BATCH_ROWS: usize = 400;
pub(super) const MIN_BATCH_ROWS: usize = 20;
/// Target duration of one transaction, because others wait for it.
const BATCH_DURATION: Duration = Duration::from_millis(40);

/// Time between two events about the progress of an import.
const EVENT_INTERVAL: Duration = Duration::from_millis(500);

/// Result of an import request.
#[derive(Debug)]
pub enum ImportResponse {
    Report(Box<ImportReport>),
    /// The same request was answered before: status and body of the stored response.
    Repeated(u16, String),
}

/// Imports a file, one at a time per installation.
pub(super) async fn run<T: ImportTarget>(
    db: &Db,
    actor: &Actor,
    file: impl AsRef<[u8]>,
    order: &ImportRequest,
    target: T,
) -> Result<ImportResponse> {
    let lease = match Lease::acquire(db, order.request.clone()).await? {
        LeaseResult::Lease(lease) => lease,
        LeaseResult::AlreadyAnswered(status, body) => {
            return Ok(ImportResponse::Repeated(status, body));
        }
    };
    let done = import(db, actor, file, order, target, &lease).await;
    if done.is_err() {
        lease.release_after_failure(db).await;
    }
    done.map(|report| ImportResponse::Report(Box::new(report)))
}

async fn import<T: ImportTarget>(
    db: &Db,
    actor: &Actor,
    file: impl AsRef<[u8]>,
    order: &ImportRequest,
    target: T,
    lease: &Lease,
) -> Result<ImportReport> {
    let file = prepare(db, file, order, target).await?;
    let (others, unknown) = (file.sheet.other_sheets().to_vec(), file.unknown_values);
    let mut run = ImportRun::new(db, actor, order, lease, file.columns, file.target);
    if !order.dry_run {
        run.begin().await?;
    }
    let faults = match run.run_batches(&file.sheet, RowFaults::default()).await {
        Ok(faults) => faults,
        Err(error) => {
            run.interrupt().await;
            return Err(error);
        }
    };
    let report = ImportReport {
        id: run.import,
        other_sheets: others,
        unknown_values: unknown,
        preview: order.dry_run.then(|| run.take_preview()),
        ..faults.report(run.rows, run.tally, &run.columns, order)
    };
    run.finish(&report).await?;
    Ok(report)
}

/// Checks every row without writing anything, and returns at most so many faults.
///
/// # Errors
/// `ImportRunning`.
pub(super) async fn all_faults<T: ImportTarget>(
    db: &Db,
    actor: &Actor,
    order: &ImportRequest,
    file: PreparedFile<T>,
    limit: usize,
) -> Result<(Sheet, RowFaults)> {
    let lease = match Lease::acquire(db, None).await? {
        LeaseResult::Lease(lease) => lease,
        LeaseResult::AlreadyAnswered(..) => {
            return Err(Error::Internal("a request without a key was answered before".into()));
        }
    };
    let order = ImportRequest { dry_run: true, ..order.clone() };
    let mut run = ImportRun::new(db, actor, &order, &lease, file.columns, file.target);
    let done = run.run_batches(&file.sheet, RowFaults::with_limit(limit)).await;
    lease.release_after_failure(db).await;
    Ok((file.sheet, done?))
}

/// A running import.
struct ImportRun<'a, T> {
    db: &'a Db,
    actor: &'a Actor,
    order: &'a ImportRequest,
    lease: &'a Lease,
    /// The entry in the list of imports; `None` for a dry run.
    import: Option<ImportId>,
    columns: Arc<Columns>,
    target: Arc<Mutex<T>>,
    previews: Option<Previews>,
    tally: ImportCounts,
    skipped: i64,
    /// Rows that are done.
    rows: usize,
    last_event: Instant,
}

impl<'a, T: ImportTarget> ImportRun<'a, T> {
    fn new(
        db: &'a Db,
        actor: &'a Actor,
        order: &'a ImportRequest,
        lease: &'a Lease,
        columns: Columns,
        target: T,
    ) -> Self {
        Self {
            db,
            actor,
            order,
            lease,
            import: None,
            columns: Arc::new(columns),
            target: Arc::new(Mutex::new(target)),
            previews: Some(Previews::new(order.lang, T::COLUMNS)),
            tally: ImportCounts::default(),
            skipped: 0,
            rows: 0,
            last_event: Instant::now(),
        }
    }

    /// Adds the import to the list of imports.
    async fn begin(&mut self) -> Result<()> {
        let (name, user) = (self.order.file_name.clone(), self.actor.user_id);
        let begin = move |tx: &mut Tx<'_>| {
            let now = tx.now().naive_utc();
            Ok::<_, Error>(imports::begin(tx.conn(), T::KIND, &name, user, now)?)
        };
        self.import = Some(self.db.write(begin).await?);
        Ok(())
    }

    async fn run_batches(&mut self, sheet: &Sheet, mut faults: RowFaults) -> Result<RowFaults> {
        let above = sheet.preamble().iter();
        faults.extend(above.map(|(line, text)| RowFault::not_a_record(*line, text)).collect());
        self.rows = sheet.preamble().len();
        let all = (self.rows + sheet.len()) as i64;
        let (mut from, mut count) = (0, MIN_BATCH_ROWS);
        while from < sheet.len() {
            let (mut rows, mut of_piece) = (Vec::with_capacity(count), Vec::new());
            let mut warnings = Vec::new();
            for row in sheet.rows(from, count) {
                self.rows += 1;
                match self.check(row, &mut warnings) {
                    Ok(row) => rows.push(row),
                    Err(of_row) => of_piece.extend(of_row),
                }
            }
            faults.warn(warnings);
            from += count;
            self.skipped = faults.skipped_with(&of_piece);
            let (outcome, took) = self.run_batch(rows, all).await?;
            self.tally = self.tally.plus(outcome.tally);
            of_piece.extend(outcome.faults);
            faults.extend(of_piece);
            lock(&self.target).remember(outcome.learned);
            count = next_batch_rows(count, took);
        }
        Ok(faults)
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
        lock(&self.target).check(&self.columns, row, warnings)
    }

    /// Runs one transaction and measures how long it blocked others: from its first statement to
    /// the end of its commit, including the audit entries, which are written last.
    async fn run_batch(
        &mut self,
        rows: Vec<T::Row>,
        all: i64,
    ) -> Result<(BatchOutcome<T::Learned>, Duration)> {
        let (target, columns) = (Arc::clone(&self.target), Arc::clone(&self.columns));
        let (lease, progress) = (self.lease.clone(), self.progress_event(all));
        let Some(import) = self.import else {
            self.db.write(move |tx| renew(tx, &lease, progress.clone())).await?;
            let mut previews = self.previews.take();
            let compare = move |conn: &mut Conn| {
                let mut shown = previews.take().ok_or_else(no_previews)?;
                let outcome = lock(&target).compare(conn, &columns, &rows, &mut shown)?;
                Ok::<_, Error>((outcome, shown))
            };
            let (outcome, previews) = self.db.read(compare).await?;
            self.previews = Some(previews);
            return Ok((outcome, Duration::ZERO));
        };
        let (actor, before, skipped) = (self.actor.clone(), self.tally, self.skipped);
        let done = self.rows as i64;
        let write = move |tx: &mut Tx<'_>| {
            let begin = Instant::now();
            renew(tx, &lease, progress.clone())?;
            let outcome = lock(&target).write(tx, &actor, &columns, &rows, import)?;
            let counts = history::progress(done, skipped, before.plus(outcome.tally));
            imports::set_progress(tx.conn(), import, &counts)?;
            Ok::<_, Error>((outcome, begin))
        };
        let (outcome, begin) = self.db.write(write).await?;
        Ok((outcome, begin.elapsed()))
    }

    /// The event that tells how far the import is, unless the last one is too recent.
    fn progress_event(&mut self, all: i64) -> Option<LiveEvent> {
        if self.last_event.elapsed() < EVENT_INTERVAL {
            return None;
        }
        self.last_event = Instant::now();
        Some(T::progress_event(ImportProgressEvent { done: self.rows as i64, rows: all }))
    }

    fn take_preview(&mut self) -> ImportPreview {
        self.previews.take().map(Previews::finish).unwrap_or_default()
    }

    /// Marks the import as interrupted; if that fails too, it counts as such once the lease expires.
    async fn interrupt(&self) {
        let Some(import) = self.import else { return };
        let end = move |tx: &mut Tx<'_>| {
            let now = tx.now().naive_utc();
            Ok::<_, Error>(imports::end(tx.conn(), import, ImportStatus::Interrupted, now)?)
        };
        if let Err(error) = self.db.write(end).await {
            log::warn!("import {import} was not marked as interrupted: {error}");
        }
    }

    /// Records the import, stores the response and releases the lease in one transaction.
    async fn finish(&self, report: &ImportReport) -> Result<()> {
        let (order, actor, lease) = (self.order.clone(), self.actor.clone(), self.lease.clone());
        let kept = order.request.as_ref().map(|_| report::stored_body(report)).unwrap_or_default();
        let (rows, tally, import) = (report.rows, self.tally, self.import);
        let counts = history::progress(rows, report.skipped, tally);
        let finish = move |tx: &mut Tx<'_>| {
            lease.renew(tx)?;
            if let Some(import) = import {
                let now = tx.now().naive_utc();
                imports::set_progress(tx.conn(), import, &counts)?;
                imports::end(tx.conn(), import, ImportStatus::Completed, now)?;
                history::remember(tx, T::KIND, &order.mapping)?;
                tx.emit(T::progress_event(ImportProgressEvent { done: rows, rows }));
            }
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

fn renew(tx: &mut Tx<'_>, lease: &Lease, progress: Option<LiveEvent>) -> Result<()> {
    lease.renew(tx)?;
    if let Some(progress) = progress {
        tx.emit(progress);
    }
    Ok(())
}

fn no_previews() -> Error {
    Error::Internal("the previews of a dry run are in use".into())
}

/// Number of rows that makes the next batch take about [`BATCH_DURATION`].
pub(super) fn next_batch_rows(count: usize, took: Duration) -> usize {
    let per_row = took.as_nanos() / (count as u128);
    let fitting = BATCH_DURATION.as_nanos() / per_row.max(1);
    usize::try_from(fitting)
        .unwrap_or(MAX_BATCH_ROWS)
        .min(count * 2)
        .clamp(MIN_BATCH_ROWS, MAX_BATCH_ROWS)
}

fn lock<T>(target: &Mutex<T>) -> MutexGuard<'_, T> {
    target.lock().unwrap_or_else(PoisonError::into_inner)
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
