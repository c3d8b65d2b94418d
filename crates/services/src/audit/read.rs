//! Reading the audit.

use db::tables::audit::{self as table, AuditFilter, AuditRow};
use db::{Conn, Cursor, DbError, search};
use shared::Page;
use shared::audit::{AuditEntry, AuditExportQuery, AuditQuery};

use crate::error::Result;
use crate::paging::PageRequest;

/// Entries that an export reads at once.
const BATCH: i64 = 500;

/// Entries, newest first, a page at a time.
///
/// # Errors
/// A wrong limit or mark.
pub fn list(conn: &mut Conn, query: &AuditQuery) -> Result<Page<AuditEntry>> {
    let page = PageRequest::parse(query.limit, query.cursor.as_deref(), query.with_total)?;
    page.check_time_cursor()?;
    let filter = filter(&query.filter());
    let rows = table::list(conn, &filter, page.cursor.as_ref(), page.fetch())?;
    let total = page.with_total.then(|| table::count(conn, &filter)).transpose()?;
    let mut faults = Vec::new();
    let page = page
        .page(rows, total, table::mark, |row| entry(row).map_err(|error| faults.push(error)).ok());
    match faults.pop() {
        Some(error) => Err(error.into()),
        None => Ok(Page {
            items: page.items.into_iter().flatten().collect(),
            next_cursor: page.next_cursor,
            total: page.total,
        }),
    }
}

fn filter(query: &AuditExportQuery) -> AuditFilter {
    AuditFilter {
        actor_id: query.actor,
        action: query.action.clone(),
        entity: query.entity.clone(),
        entity_id: query.entity_id,
        from: query.from.map(|time| time.naive_utc()),
        to: query.to.map(|time| time.naive_utc()),
        words: search::words(query.q.as_deref().unwrap_or_default()),
    }
}

fn entry(row: AuditRow) -> std::result::Result<AuditEntry, DbError> {
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

/// An export under way: every matching entry, newest first, some at a time.
#[derive(Debug, Clone)]
pub struct Export {
    filter: AuditFilter,
    cursor: Option<Cursor>,
    done: bool,
}

impl Export {
    /// An export of these entries.
    pub fn new(query: &AuditExportQuery) -> Self {
        Self { filter: filter(query), cursor: None, done: false }
    }

    /// The next entries; none when everything was given.
    ///
    /// # Errors
    /// The database fails.
    pub fn next(&mut self, conn: &mut Conn) -> Result<Vec<AuditRow>> {
        if self.done {
            return Ok(Vec::new());
        }
        let rows = table::list(conn, &self.filter, self.cursor.as_ref(), BATCH)?;
        self.done = (rows.len() as i64) < BATCH;
        self.cursor = rows.last().map(table::mark);
        Ok(rows)
    }
}
