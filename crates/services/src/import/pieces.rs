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

use super::columns::{Column, Columns};
use super::lease::{Lease, Taken};
use super::reader;
use super::report::{self, Fault, Faults, Tally};
use super::sheet::{Sheet, SheetRow};
use super::trace::Summary;
use crate::Actor;
use crate::audit::{self, Deed};
use crate::error::{Error, Result};
use crate::idempotency::{self, RequestKey};

/// Most rows of one transaction.
const MAX_ROWS: usize = 400;
const MIN_ROWS: usize = 20;
/// What one transaction should take: others wait for it.
const PIECE_TIME: Duration = Duration::from_millis(40);

/// How a file is imported.
#[derive(Debug, Clone)]
pub struct Order {
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
pub enum Answer {
    Report(ImportReport),
    /// The same request was answered before: the status and body that are kept of it.
    Repeated(u16, String),
}

/// What was, or would be, done with the rows of a piece.
#[derive(Debug, Default)]
pub(super) struct Outcome<L> {
    pub tally: Tally,
    /// Problems that only the database could tell.
    pub faults: Vec<Fault>,
    /// What later pieces have to know.
    pub learnt: L,
}

/// What rows of one kind are, and where they go.
pub(super) trait Table: Send + 'static {
    /// A row that is good as far as that can be told without the database.
    type Row: Send + 'static;
    type Learnt: Send + 'static;
    const COLUMNS: &'static [Column];
    /// The entry of the audit for the file as a whole.
    const DEED: Deed;

    /// Reads what all rows need.
    fn begin(&mut self, _conn: &mut Conn) -> Result<()> {
        Ok(())
    }

    /// Sees the whole file before its first row is written.
    fn look_through(&mut self, _columns: &Columns, _sheet: &Sheet) {}

    /// Checks the next row.
    fn check(
        &mut self,
        columns: &Columns,
        row: SheetRow<'_>,
    ) -> std::result::Result<Self::Row, Vec<Fault>>;

    /// Finds out what would be done.
    fn compare(
        &self,
        conn: &mut Conn,
        columns: &Columns,
        rows: &[Self::Row],
    ) -> Result<Outcome<Self::Learnt>>;

    /// Does it. May run more than once.
    fn write(
        &self,
        tx: &mut Tx<'_>,
        actor: &Actor,
        columns: &Columns,
        rows: &[Self::Row],
    ) -> Result<Outcome<Self::Learnt>>;

    /// Keeps in mind what a piece did.
    fn learn(&mut self, learnt: Self::Learnt);

    /// Tells browsers what all pieces did.
    fn finish(_tx: &mut Tx<'_>, _tally: Tally) {}
}

/// Imports a file. One at a time in an installation.
pub(super) async fn run<T: Table>(
    db: &Db,
    actor: &Actor,
    file: impl AsRef<[u8]>,
    order: &Order,
    table: T,
) -> Result<Answer> {
    let lease = match Lease::take(db, order.request.clone()).await? {
        Taken::Lease(lease) => lease,
        Taken::Answered(status, body) => return Ok(Answer::Repeated(status, body)),
    };
    let done = import(db, actor, file, order, table, &lease).await;
    if done.is_err() {
        lease.release(db).await;
    }
    done.map(Answer::Report)
}

async fn import<T: Table>(
    db: &Db,
    actor: &Actor,
    file: impl AsRef<[u8]>,
    order: &Order,
    mut table: T,
    lease: &Lease,
) -> Result<ImportReport> {
    let sheet = reader::read(file.as_ref())?;
    drop(file);
    let columns = Columns::find(&sheet, T::COLUMNS)?;
    table.look_through(&columns, &sheet);
    let begin = move |conn: &mut Conn| table.begin(conn).map(|()| table);
    let table = Arc::new(Mutex::new(db.read(begin).await?));
    let run = Run { db, actor, order, lease, columns: Arc::new(columns), table };
    let (faults, tally) = run.pieces(&sheet).await?;
    let report = faults.report(sheet.len(), tally, &run.columns, order);
    run.finish(&report, tally).await?;
    Ok(report)
}

/// An import under way.
struct Run<'a, T> {
    db: &'a Db,
    actor: &'a Actor,
    order: &'a Order,
    lease: &'a Lease,
    columns: Arc<Columns>,
    table: Arc<Mutex<T>>,
}

impl<T: Table> Run<'_, T> {
    async fn pieces(&self, sheet: &Sheet) -> Result<(Faults, Tally)> {
        let (mut faults, mut tally) = (Faults::default(), Tally::default());
        let (mut from, mut count) = (0, MIN_ROWS);
        while from < sheet.len() {
            let (mut rows, mut of_piece) = (Vec::with_capacity(count), Vec::new());
            for row in sheet.rows(from, count) {
                match lock(&self.table).check(&self.columns, row) {
                    Ok(row) => rows.push(row),
                    Err(of_row) => of_piece.extend(of_row),
                }
            }
            from += count;
            let (outcome, took) = self.piece(rows).await?;
            tally = tally.plus(outcome.tally);
            of_piece.extend(outcome.faults);
            faults.extend(of_piece);
            lock(&self.table).learn(outcome.learnt);
            count = next_count(count, took);
        }
        Ok((faults, tally))
    }

    /// One transaction, and how long it held others up: from its first statement to the end of its
    /// commit, with the entries of the audit, which are written last.
    async fn piece(&self, rows: Vec<T::Row>) -> Result<(Outcome<T::Learnt>, Duration)> {
        let (table, columns) = (Arc::clone(&self.table), Arc::clone(&self.columns));
        let lease = self.lease.clone();
        if self.order.dry_run {
            self.db.write(move |tx| lease.keep(tx)).await?;
            let compare = move |conn: &mut Conn| lock(&table).compare(conn, &columns, &rows);
            return Ok((self.db.read(compare).await?, Duration::ZERO));
        }
        let actor = self.actor.clone();
        let write = move |tx: &mut Tx<'_>| {
            let begin = Instant::now();
            lease.keep(tx)?;
            let outcome = lock(&table).write(tx, &actor, &columns, &rows)?;
            Ok::<_, Error>((outcome, begin))
        };
        let (outcome, begin) = self.db.write(write).await?;
        Ok((outcome, begin.elapsed()))
    }

    /// Says what was done, keeps the answer and gives the lease back, all together.
    async fn finish(&self, report: &ImportReport, tally: Tally) -> Result<()> {
        let (order, actor, lease) = (self.order.clone(), self.actor.clone(), self.lease.clone());
        let kept = order.request.as_ref().map(|_| report::kept(report)).unwrap_or_default();
        let rows = report.rows;
        let finish = move |tx: &mut Tx<'_>| {
            lease.keep(tx)?;
            if !order.dry_run && tally.changes() {
                let trace = Summary { file: &order.file_name, rows, tally };
                audit::record::<(), _>(tx, &actor, T::DEED, None, Some(&trace))?;
                T::finish(tx, tally);
            }
            if let Some(request) = &order.request {
                idempotency::keep_answer(tx, request, 200, &kept)?;
            }
            lease.give_back(tx)
        };
        self.db.write(finish).await
    }
}

/// So many rows that the next piece takes about as long as it should.
fn next_count(count: usize, took: Duration) -> usize {
    let per_row = took.as_nanos() / (count as u128);
    let fitting = PIECE_TIME.as_nanos() / per_row.max(1);
    usize::try_from(fitting).unwrap_or(MAX_ROWS).min(count * 2).clamp(MIN_ROWS, MAX_ROWS)
}

fn lock<T>(table: &Mutex<T>) -> MutexGuard<'_, T> {
    table.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_grow_and_shrink_with_the_time_that_they_take() {
        let millis = Duration::from_millis;
        assert_eq!(next_count(20, millis(1)), 40);
        assert_eq!(next_count(100, millis(40)), 100);
        assert_eq!(next_count(300, millis(120)), 100);
        assert_eq!(next_count(400, Duration::ZERO), MAX_ROWS);
        assert_eq!(next_count(20, millis(5_000)), MIN_ROWS);
    }
}
