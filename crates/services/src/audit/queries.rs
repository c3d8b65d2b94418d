//! Queries on the audit log.

use db::tables::audit::{self as table, AuditFilter, AuditRow};
use db::{Conn, Cursor, DbError};
use shared::audit::{AuditEntry, AuditExportQuery, AuditQuery};
use shared::{Page, PersonalData, Reader, Visibility};

use crate::Actor;
use crate::error::Result;
use crate::pagination::PageRequest;
use crate::personal_data::{redacted, search_words};

/// Entries read per batch of an export.
const EXPORT_BATCH: i64 = 500;

/// Lists entries, newest first.
///
/// # Errors
/// `OutOfRange` (limit), `InvalidCursor`, `InvalidText` (search).
pub fn list(conn: &mut Conn, actor: &Actor, query: &AuditQuery) -> Result<Page<AuditEntry>> {
    let reader = actor.reader();
    let page = PageRequest::parse(query.limit, query.cursor.as_deref(), query.with_total)?;
    page.check_time_cursor()?;
    let filter = filter(reader, &query.filter())?;
    let rows = table::list(conn, &filter, page.cursor.as_ref(), page.fetch_limit())?;
    let total = page.with_total.then(|| table::count(conn, &filter)).transpose()?;
    let mut faults = Vec::new();
    let page = page.page(rows, total, table::cursor_of, |row| {
        to_entry(reader, row).map_err(|error| faults.push(error)).ok()
    });
    match faults.pop() {
        Some(error) => Err(error),
        None => Ok(Page {
            items: page.items.into_iter().flatten().collect(),
            next_cursor: page.next_cursor,
            total: page.total,
            capped: page.capped,
        }),
    }
}

/// Builds the filter. Readers who may not see everything search in names and codes only, not in the
/// content of entries.
fn filter(reader: Reader, query: &AuditExportQuery) -> Result<AuditFilter> {
    Ok(AuditFilter {
        actor_id: query.actor,
        action: query.action.map(|action| action.to_string()),
        entity: query.entity.map(|entity| entity.to_string()),
        entity_id: query.entity_id,
        from: query.from.map(|time| time.naive_utc()),
        to: query.to.map(|time| time.naive_utc()),
        words: search_words(query.q.as_deref())?,
        names_only: !reader.sees_everything(),
    })
}

/// Redacts the row for this reader.
fn redact_row(reader: Reader, row: AuditRow) -> Result<AuditRow> {
    let whole_address = reader.visibility_of(PersonalData::NetworkAddress) == Visibility::Full;
    Ok(AuditRow {
        before: redacted(reader, &row.entity, row.before)?,
        after: redacted(reader, &row.entity, row.after)?,
        ip: row.ip.filter(|_| whole_address),
        ..row
    })
}

fn to_entry(reader: Reader, row: AuditRow) -> Result<AuditEntry> {
    let row = redact_row(reader, row)?;
    let json = |text: Option<String>| {
        let corrupt = |error| DbError::Corrupt(format!("audit entry {}: {error}", row.id));
        text.map(|text| serde_json::from_str(&text)).transpose().map_err(corrupt)
    };
    Ok(AuditEntry {
        id: row.id,
        at: row.at.and_utc(),
        actor_id: row.actor_id,
        actor_name: row.actor_name,
        action: row.action,
        entity: row.entity,
        entity_id: row.entity_id,
        before: json(row.before)?,
        after: json(row.after)?,
        ip: row.ip,
        request_id: row.request_id,
    })
}

/// A running export: every matching entry, newest first, in batches.
#[derive(Debug, Clone)]
pub struct AuditExport {
    reader: Reader,
    filter: AuditFilter,
    cursor: Option<Cursor>,
    done: bool,
}

impl AuditExport {
    /// Starts an export of the matching entries, redacted for the actor.
    ///
    /// # Errors
    /// `InvalidText` (search).
    pub fn new(actor: &Actor, query: &AuditExportQuery) -> Result<Self> {
        let reader = actor.reader();
        Ok(Self { reader, filter: filter(reader, query)?, cursor: None, done: false })
    }

    /// Returns the next batch; empty at the end.
    pub fn next_batch(&mut self, conn: &mut Conn) -> Result<Vec<AuditRow>> {
        if self.done {
            return Ok(Vec::new());
        }
        let rows = table::list(conn, &self.filter, self.cursor.as_ref(), EXPORT_BATCH)?;
        self.done = (rows.len() as i64) < EXPORT_BATCH;
        self.cursor = rows.last().map(table::cursor_of);
        rows.into_iter().map(|row| redact_row(self.reader, row)).collect()
    }
}
