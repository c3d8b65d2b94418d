//! The list of imports, and what is remembered of them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use db::tables::imports::{self as table, ImportProgress, ImportRow, ImportWithNames};
use db::tables::{import_mappings, leases};
use db::{Conn, Cursor, Tx};
use shared::import::{Import, ImportKind, ImportMapping, ImportStatus};
use shared::{Page, retention};

use super::lease::LEASE_NAME;
use super::report::ImportCounts;
use crate::error::Result;
use crate::pagination::PageRequest;

/// Headings of which choices are remembered, and words of each.
const MAX_REMEMBERED: usize = 500;

/// Lists imports of a kind, newest first.
///
/// # Errors
/// `OutOfRange` (limit), `InvalidCursor`.
pub fn list(
    conn: &mut Conn,
    kind: ImportKind,
    page: &PageRequest,
    now: DateTime<Utc>,
) -> Result<Page<Import>> {
    let rows = table::list(conn, kind, page.cursor.as_ref(), page.fetch_limit())?;
    let total = page.with_total.then(|| table::count(conn, kind)).transpose()?;
    // A server that dies leaves its import as running.
    let at_work = leases::is_held(conn, LEASE_NAME, now.naive_utc())?;
    let mark = |(row, ..): &ImportWithNames| Cursor::text("", row.id.0);
    Ok(page.page(rows, total, mark, |row| to_import(row, at_work, now)))
}

fn to_import(
    (row, started_by, undone_by): ImportWithNames,
    at_work: bool,
    now: DateTime<Utc>,
) -> Import {
    let status = match row.status {
        ImportStatus::Running if !at_work => ImportStatus::Interrupted,
        status => status,
    };
    Import {
        undo_until: undo_until(&row, status).filter(|until| *until > now),
        id: row.id,
        kind: row.kind,
        file_name: row.file_name,
        status,
        started_by,
        started_at: row.started_at.and_utc(),
        finished_at: row.finished_at.map(|at| at.and_utc()),
        rows: row.row_count,
        created: row.created,
        updated: row.updated,
        unchanged: row.unchanged,
        rejected: row.rejected,
        skipped: row.skipped,
        undone_by,
        undone_at: row.undone_at.map(|at| at.and_utc()),
    }
}

/// Until when an import can be undone, if it can be at all.
pub(super) fn undo_until(row: &ImportRow, status: ImportStatus) -> Option<DateTime<Utc>> {
    let ended = matches!(
        status,
        ImportStatus::Completed | ImportStatus::Interrupted | ImportStatus::Undoing
    );
    let changed = row.created + row.updated > 0;
    (ended && changed).then(|| row.started_at.and_utc() + retention::IMPORT_UNDO)
}

/// The counts of an import, of which `done` rows are read.
pub(super) fn progress(done: i64, skipped: i64, tally: ImportCounts) -> ImportProgress {
    let ImportCounts { created, updated, unchanged } = tally;
    ImportProgress {
        row_count: done,
        created,
        updated,
        unchanged,
        rejected: done - created - updated - unchanged - skipped,
        skipped,
    }
}

/// Remembers the choices of an import for files with the same headings and words.
pub(super) fn remember(tx: &mut Tx<'_>, kind: ImportKind, chosen: &ImportMapping) -> Result<()> {
    if chosen.columns.is_empty() && chosen.values.is_empty() {
        return Ok(());
    }
    let mut all = import_mappings::load(tx.conn(), kind)?;
    // The letters of a file without headings say nothing about other files.
    if chosen.has_heading != Some(false) {
        for (heading, target) in &chosen.columns {
            remember_choice(&mut all.columns, heading, target);
        }
        for (heading, words) in &chosen.values {
            if all.values.len() == MAX_REMEMBERED && !all.values.contains_key(heading) {
                continue;
            }
            let remembered = all.values.entry(heading.clone()).or_default();
            for (word, choice) in words {
                remember_choice(remembered, word, choice);
            }
        }
    }
    let now = tx.now().naive_utc();
    Ok(import_mappings::store(tx.conn(), kind, &all, now)?)
}

fn remember_choice<T: Clone>(choices: &mut BTreeMap<String, T>, word: &str, choice: &T) {
    if choices.len() < MAX_REMEMBERED || choices.contains_key(word) {
        choices.insert(word.to_owned(), choice.clone());
    }
}
