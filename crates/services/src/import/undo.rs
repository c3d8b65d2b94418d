//! Undoing an import, as long as nothing was built on its rows.

use std::time::Instant;

use db::tables::import_rows::{self, ImportedRow};
use db::tables::imports::{self as table, ImportRow};
use db::{Conn, Tx};
use shared::audit::AuditAction;
use shared::import::{ImportKind, ImportStatus, UndoReport};
use shared::live::{ImportEvent, ImportProgressEvent, LiveEvent};
use shared::{ErrorCode, ImportId};

use super::batches::{MIN_BATCH_ROWS, next_batch_rows};
use super::history::undo_until;
use super::kinds::Importer;
use super::lease::{Lease, LeaseResult};
use super::undo_customers::{self, UndoneRow};
use super::undo_items;
use crate::audit::{self, AuditEvent};
use crate::error::{Error, OrNotFound, Result, to_json};
use crate::idempotency::{self, RequestKey};

/// Rows that are checked with one query.
const CHECKED_AT_ONCE: i64 = 200;
/// Entries in use that are named.
const MAX_NAMED: usize = 3;

/// Result of a request to undo an import.
#[derive(Debug)]
pub enum UndoResponse {
    Report(UndoReport),
    /// The same request was answered before: status and body of the stored response.
    Repeated(u16, String),
}

/// Takes an import back: deletes what it created and restores what it changed. Possible for 30 days, while none
/// of its entries was changed or used since. Items whose opening stock is in the ledger stay, without stock.
///
/// # Errors
/// `NotFound`; `ImportNotUndoable` (undone, without changes, too old); `ImportInUse`; `ImportRunning`;
/// `RequestInProgress`, `IdempotencyKeyReused`.
pub async fn undo(
    importer: &Importer,
    id: ImportId,
    request: Option<RequestKey>,
) -> Result<UndoResponse> {
    let lease = match Lease::acquire(&importer.db, request.clone()).await? {
        LeaseResult::Lease(lease) => lease,
        LeaseResult::AlreadyAnswered(status, body) => {
            return Ok(UndoResponse::Repeated(status, body));
        }
    };
    let done = undo_with(importer, id, &lease, request).await;
    if done.is_err() {
        lease.release_after_failure(&importer.db).await;
    }
    done.map(UndoResponse::Report)
}

async fn undo_with(
    importer: &Importer,
    id: ImportId,
    lease: &Lease,
    request: Option<RequestKey>,
) -> Result<UndoReport> {
    let kind = importer.kind;
    let row = importer.db.write(move |tx| check_undoable(tx, kind, id)).await?;
    importer.db.read(move |conn| check_unused(conn, kind, id)).await?;
    let mut report = UndoReport { deleted: 0, emptied: 0, restored: 0, kept: 0 };
    let (all, mut done, mut count) = (row.created + row.updated, 0, MIN_BATCH_ROWS);
    loop {
        let (who, lease) = (importer.clone(), lease.clone());
        let batch = move |tx: &mut Tx<'_>| {
            let begin = Instant::now();
            lease.renew(tx)?;
            table::set_undoing(tx.conn(), id)?;
            tx.emit(progress_event(kind, ImportProgressEvent { done, rows: all }));
            Ok::<_, Error>((undo_batch(tx, &who, id, count)?, begin))
        };
        let (undone, begin) = importer.db.write(batch).await?;
        if undone.is_empty() {
            break;
        }
        done += undone.len() as i64;
        count = next_batch_rows(count, begin.elapsed());
        for row in undone {
            match row {
                UndoneRow::Deleted => report.deleted += 1,
                UndoneRow::Emptied => report.emptied += 1,
                UndoneRow::Restored => report.restored += 1,
                UndoneRow::Kept => report.kept += 1,
            }
        }
    }
    let (who, lease, result) = (importer.clone(), lease.clone(), report.clone());
    let finish = move |tx: &mut Tx<'_>| finish(tx, &who, &row, &result, &lease, request.as_ref());
    importer.db.write(finish).await?;
    Ok(report)
}

fn check_undoable(tx: &mut Tx<'_>, kind: ImportKind, id: ImportId) -> Result<ImportRow> {
    let row = table::find(tx.conn(), kind, id)?.or_not_found()?;
    // Whoever undoes holds the lease, so an import that still counts as running has been interrupted.
    let status = match row.status {
        ImportStatus::Running => ImportStatus::Interrupted,
        status => status,
    };
    let in_time = undo_until(&row, status).is_some_and(|until| until > tx.now());
    // Of an undoing that was interrupted behind its last row, only the end is missing.
    let begun = status == ImportStatus::Undoing;
    if in_time && (begun || import_rows::any(tx.conn(), id)?) {
        Ok(row)
    } else {
        Err(Error::refuse(ErrorCode::ImportNotUndoable))
    }
}

/// Checks that no entry of the import was changed or used since.
fn check_unused(conn: &mut Conn, kind: ImportKind, id: ImportId) -> Result<()> {
    let (mut before, mut count, mut names) = (i64::MAX, 0, Vec::new());
    loop {
        let rows = import_rows::last_before(conn, id, before, CHECKED_AT_ONCE)?;
        let Some(last) = rows.last() else { break };
        before = last.id;
        let room = MAX_NAMED - names.len();
        let (used, some) = match kind {
            ImportKind::Customers => undo_customers::in_use(conn, &rows, room)?,
            ImportKind::Items => undo_items::in_use(conn, &rows, room)?,
        };
        count += used;
        names.extend(some);
    }
    match count {
        0 => Ok(()),
        count => {
            let more = if count > names.len() { ", …" } else { "" };
            let named = format!("{count} ({}{more})", names.join(", "));
            Err(Error::refuse_with(ErrorCode::ImportInUse, named))
        }
    }
}

fn undo_batch(
    tx: &mut Tx<'_>,
    importer: &Importer,
    id: ImportId,
    count: usize,
) -> Result<Vec<UndoneRow>> {
    let rows = import_rows::last_before(tx.conn(), id, i64::MAX, count as i64)?;
    let undone = match importer.kind {
        ImportKind::Customers => {
            undo_customers::undo(tx, &importer.cipher, &importer.actor, &rows)?
        }
        ImportKind::Items => undo_items::undo(tx, &importer.actor, &rows)?,
    };
    let ids: Vec<i64> = rows.iter().map(|row: &ImportedRow| row.id).collect();
    import_rows::delete(tx.conn(), &ids)?;
    Ok(undone)
}

fn finish(
    tx: &mut Tx<'_>,
    importer: &Importer,
    row: &ImportRow,
    report: &UndoReport,
    lease: &Lease,
    request: Option<&RequestKey>,
) -> Result<()> {
    lease.renew(tx)?;
    let now = tx.now().naive_utc();
    table::set_undone(tx.conn(), row.id, importer.actor.user_id, now)?;
    let action = match importer.kind {
        ImportKind::Customers => AuditAction::CustomerImportUndo,
        ImportKind::Items => AuditAction::ItemImportUndo,
    };
    let event = AuditEvent { action, entity_id: 0 };
    audit::record::<(), _>(tx, &importer.actor, event, None, Some(report))?;
    let changed = report.deleted + report.emptied + report.restored;
    tx.emit(progress_event(importer.kind, ImportProgressEvent { done: changed, rows: changed }));
    if importer.kind == ImportKind::Customers {
        let event = ImportEvent { created: 0, updated: changed };
        tx.emit(LiveEvent::CustomersImported(event));
    }
    if let Some(request) = request {
        idempotency::store_response(tx, request, 200, &to_json(report)?)?;
    }
    lease.release(tx)
}

fn progress_event(kind: ImportKind, progress: ImportProgressEvent) -> LiveEvent {
    match kind {
        ImportKind::Customers => LiveEvent::CustomerImportProgress(progress),
        ImportKind::Items => LiveEvent::ItemImportProgress(progress),
    }
}
