//! Imports from spreadsheets.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use shared::import::{ImportKind, ImportStatus};
use shared::{ImportId, UserId};

use crate::conn::Conn;
use crate::cursor::Cursor;
use crate::error::DbError;
use crate::schema::{imports as table, users};

/// A row of the table.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = table)]
pub struct ImportRow {
    pub id: ImportId,
    pub kind: ImportKind,
    pub file_name: String,
    pub status: ImportStatus,
    pub started_by: UserId,
    pub started_at: NaiveDateTime,
    pub finished_at: Option<NaiveDateTime>,
    pub row_count: i64,
    pub created: i64,
    pub updated: i64,
    pub unchanged: i64,
    pub rejected: i64,
    pub skipped: i64,
    pub undone_by: Option<UserId>,
    pub undone_at: Option<NaiveDateTime>,
}

/// Counts of an import so far.
#[derive(Debug, Clone, Copy, AsChangeset)]
#[diesel(table_name = table)]
pub struct ImportProgress {
    pub row_count: i64,
    pub created: i64,
    pub updated: i64,
    pub unchanged: i64,
    pub rejected: i64,
    pub skipped: i64,
}

/// An import with the names of who imported and who undid it.
pub type ImportWithNames = (ImportRow, String, Option<String>);

/// Imports of a kind, newest first, after `cursor`.
pub fn list(
    conn: &mut Conn,
    kind: ImportKind,
    cursor: Option<&Cursor>,
    limit: i64,
) -> Result<Vec<ImportWithNames>, DbError> {
    let mut query = table::table.filter(table::kind.eq(kind)).into_boxed();
    if let Some(cursor) = cursor {
        query = query.filter(table::id.lt(ImportId(cursor.id)));
    }
    let rows: Vec<ImportRow> =
        query.select(ImportRow::as_select()).order(table::id.desc()).limit(limit).load(conn)?;
    with_names(conn, rows)
}

fn with_names(conn: &mut Conn, rows: Vec<ImportRow>) -> Result<Vec<ImportWithNames>, DbError> {
    let ids: Vec<UserId> =
        rows.iter().flat_map(|row| [Some(row.started_by), row.undone_by]).flatten().collect();
    let names: Vec<(UserId, String)> =
        users::table.filter(users::id.eq_any(ids)).select((users::id, users::name)).load(conn)?;
    let name =
        |id: UserId| names.iter().find(|(user, _)| *user == id).map(|(_, name)| name.clone());
    let named = |row: ImportRow| {
        let undone_by = row.undone_by.and_then(name);
        (row.clone(), name(row.started_by).unwrap_or_default(), undone_by)
    };
    Ok(rows.into_iter().map(named).collect())
}

/// How many imports of a kind there are.
pub fn count(conn: &mut Conn, kind: ImportKind) -> Result<i64, DbError> {
    Ok(table::table.filter(table::kind.eq(kind)).count().get_result(conn)?)
}

/// One import of a kind.
pub fn find(conn: &mut Conn, kind: ImportKind, id: ImportId) -> Result<Option<ImportRow>, DbError> {
    let row = table::table.filter(table::id.eq(id).and(table::kind.eq(kind)));
    Ok(row.select(ImportRow::as_select()).first(conn).optional()?)
}

/// Adds an import that begins. Others that still count as running have been interrupted: only one runs at a time.
pub fn begin(
    conn: &mut Conn,
    kind: ImportKind,
    file_name: &str,
    user: UserId,
    now: NaiveDateTime,
) -> Result<ImportId, DbError> {
    diesel::update(table::table.filter(table::status.eq(ImportStatus::Running)))
        .set(table::status.eq(ImportStatus::Interrupted))
        .execute(conn)?;
    let row = (
        table::kind.eq(kind),
        table::file_name.eq(file_name),
        table::status.eq(ImportStatus::Running),
        table::started_by.eq(user),
        table::started_at.eq(now),
    );
    Ok(diesel::insert_into(table::table).values(row).returning(table::id).get_result(conn)?)
}

/// Stores the counts so far.
pub fn set_progress(
    conn: &mut Conn,
    id: ImportId,
    progress: &ImportProgress,
) -> Result<(), DbError> {
    diesel::update(table::table.find(id)).set(progress).execute(conn)?;
    Ok(())
}

/// Ends an import that runs.
pub fn end(
    conn: &mut Conn,
    id: ImportId,
    status: ImportStatus,
    now: NaiveDateTime,
) -> Result<(), DbError> {
    let running =
        table::table.filter(table::id.eq(id).and(table::status.eq(ImportStatus::Running)));
    diesel::update(running)
        .set((table::status.eq(status), table::finished_at.eq(now)))
        .execute(conn)?;
    Ok(())
}

/// Marks an import as being undone.
pub fn set_undoing(conn: &mut Conn, id: ImportId) -> Result<(), DbError> {
    let row = table::table.find(id);
    diesel::update(row).set(table::status.eq(ImportStatus::Undoing)).execute(conn)?;
    Ok(())
}

/// Marks an import as undone; false if it was undone before.
pub fn set_undone(
    conn: &mut Conn,
    id: ImportId,
    user: UserId,
    now: NaiveDateTime,
) -> Result<bool, DbError> {
    let row = table::table.filter(table::id.eq(id).and(table::status.ne(ImportStatus::Undone)));
    let undone = (
        table::status.eq(ImportStatus::Undone),
        table::undone_by.eq(user),
        table::undone_at.eq(now),
    );
    Ok(diesel::update(row).set(undone).execute(conn)? == 1)
}
