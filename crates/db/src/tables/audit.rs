//! Audit entries. Triggers reject updates and deletes.

use chrono::NaiveDateTime;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use shared::UserId;

use crate::conn::{Conn, MultiBackend};
use crate::cursor::Cursor;
use crate::error::DbError;
use crate::page::CountUpTo;
use crate::prepared::Prepared;
use crate::schema::audit as table;
use crate::search;

/// A row of the table: an entry with its position in the chain.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = table, treat_none_as_default_value = false)]
pub struct AuditRow {
    /// The number in the chain, from 1, without gaps.
    pub id: i64,
    pub at: NaiveDateTime,
    pub actor_id: Option<UserId>,
    pub actor_name: String,
    pub action: String,
    pub entity: String,
    pub entity_id: Option<i64>,
    /// JSON.
    pub before: Option<String>,
    /// JSON.
    pub after: Option<String>,
    pub ip: Option<String>,
    pub request_id: Option<String>,
    /// Which key `mac` was made with.
    pub key_id: i64,
    pub mac: Vec<u8>,
}

/// Rows per statement, below the limit of bind parameters.
const BATCH: usize = 400;

/// Writes entries.
pub(crate) fn insert(conn: &mut Conn, entries: &[AuditRow]) -> Result<(), DbError> {
    match conn {
        Conn::Postgres(postgres) if entries.len() > 1 => {
            for batch in entries.chunks(BATCH) {
                diesel::insert_into(table::table).values(batch).execute(postgres)?;
            }
        }
        conn => {
            for entry in entries {
                let insert = diesel::insert_into(table::table).values(entry);
                let _: i64 = Prepared(insert.returning(table::id)).get_result(conn)?;
            }
        }
    }
    Ok(())
}

/// Number and MAC of the last entry.
pub(crate) fn last(conn: &mut Conn) -> Result<Option<(i64, Vec<u8>)>, DbError> {
    let newest = table::table.order(table::id.desc()).select((table::id, table::mac));
    Ok(newest.first(conn).optional()?)
}

/// Entries after the one with this number, in chain order.
pub fn after(conn: &mut Conn, id: i64, limit: i64) -> Result<Vec<AuditRow>, DbError> {
    let rows = table::table.filter(table::id.gt(id)).order(table::id).limit(limit);
    Ok(rows.select(AuditRow::as_select()).load(conn)?)
}

/// Filter of the audit list.
#[derive(Debug, Clone, Default)]
pub struct AuditFilter {
    pub actor_id: Option<UserId>,
    pub action: Option<String>,
    pub entity: Option<String>,
    pub entity_id: Option<i64>,
    /// Inclusive.
    pub from: Option<NaiveDateTime>,
    /// Exclusive.
    pub to: Option<NaiveDateTime>,
    /// Lower-case words that all have to occur in the actor's name, `before` or `after`.
    pub words: Vec<String>,
    /// The words have to occur in the actor's name, the action or the entity instead.
    pub names_only: bool,
}

const NAME_AND_CONTENT: &str =
    "lower(actor_name || ' ' || coalesce(before, '') || ' ' || coalesce(after, ''))";
const NAMES: &str = "lower(actor_name || ' ' || action || ' ' || entity)";

type Filtered = table::BoxedQuery<'static, MultiBackend>;

fn filtered(filter: &AuditFilter) -> Filtered {
    let mut query = table::table.into_boxed();
    if let Some(actor_id) = filter.actor_id {
        query = query.filter(table::actor_id.eq(actor_id));
    }
    if let Some(action) = &filter.action {
        query = query.filter(table::action.eq(action.clone()));
    }
    if let Some(entity) = &filter.entity {
        query = query.filter(table::entity.eq(entity.clone()));
    }
    if let Some(entity_id) = filter.entity_id {
        query = query.filter(table::entity_id.eq(entity_id));
    }
    if let Some(from) = filter.from {
        query = query.filter(table::at.ge(from));
    }
    if let Some(to) = filter.to {
        query = query.filter(table::at.lt(to));
    }
    for word in &filter.words {
        let text = if filter.names_only { NAMES } else { NAME_AND_CONTENT };
        let found = sql::<Bool>(&format!("{text} LIKE "))
            .bind::<Text, _>(search::like_pattern(word))
            .sql(" ESCAPE '\\'");
        query = query.filter(found);
    }
    query
}

/// Entries after `cursor`, newest first.
pub fn list(
    conn: &mut Conn,
    filter: &AuditFilter,
    cursor: Option<&Cursor>,
    limit: i64,
) -> Result<Vec<AuditRow>, DbError> {
    let mut query = filtered(filter);
    if let Some(cursor) = cursor {
        let (at, id) = (cursor.as_time().unwrap_or_default(), cursor.id);
        query = query.filter(table::at.le(at).and(table::at.lt(at).or(table::id.lt(id))));
    }
    let query = query.order((table::at.desc(), table::id.desc())).limit(limit);
    Ok(query.select(AuditRow::as_select()).load(conn)?)
}

/// The cursor of a row.
pub fn cursor_of(row: &AuditRow) -> Cursor {
    Cursor::time(row.at, row.id)
}

/// Counts the matching entries, up to one more than a total shows.
pub fn count(conn: &mut Conn, filter: &AuditFilter) -> Result<i64, DbError> {
    let newest = filtered(filter).select(table::id).limit(CountUpTo::LIMIT);
    Ok(CountUpTo(newest).get_result(conn)?)
}
