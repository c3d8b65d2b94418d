//! What an import has created or changed, for as long as it can be undone.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Bool, Nullable, Text, Timestamp};
use shared::import::ImportKind;
use shared::{ImportId, MovementId};

use crate::conn::Conn;
use crate::error::DbError;
use crate::prepared::Prepared;
use crate::schema::import_rows as table;

use super::expiry::BATCH_SIZE;

/// A row of the table.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = table)]
pub struct ImportedRow {
    pub id: i64,
    /// Id of the customer or item.
    pub entity_id: i64,
    pub version: i64,
    pub before: Option<String>,
    pub nik: Option<Vec<u8>>,
    pub nik_added: bool,
    /// The receipt of the opening stock of an item.
    pub movement_id: Option<MovementId>,
}

/// A new row.
#[derive(Debug, Clone)]
pub struct NewImportedRow {
    pub entity_id: i64,
    pub version: i64,
    pub before: Option<String>,
    pub nik_added: bool,
    /// The receipt of the opening stock of an item.
    pub movement_id: Option<MovementId>,
}

/// Adds the rows of a batch.
pub fn insert(conn: &mut Conn, import: ImportId, rows: &[NewImportedRow]) -> Result<(), DbError> {
    for row in rows {
        let statement = diesel::sql_query(
            "INSERT INTO import_rows (import_id, entity_id, version, before, nik_added, movement_id)
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind::<BigInt, _>(import)
        .bind::<BigInt, _>(row.entity_id)
        .bind::<BigInt, _>(row.version)
        .bind::<Nullable<Text>, _>(row.before.as_deref())
        .bind::<Bool, _>(row.nik_added)
        .bind::<Nullable<BigInt>, _>(row.movement_id);
        Prepared(statement).execute(conn)?;
    }
    Ok(())
}

/// Adds a row whose identity number was replaced, and returns its id, which the encryption needs.
pub fn insert_one(conn: &mut Conn, import: ImportId, row: &NewImportedRow) -> Result<i64, DbError> {
    let values = (
        table::import_id.eq(import.0),
        table::entity_id.eq(row.entity_id),
        table::version.eq(row.version),
        table::before.eq(row.before.as_deref()),
        table::nik_added.eq(row.nik_added),
        table::movement_id.eq(row.movement_id),
    );
    Ok(diesel::insert_into(table::table).values(values).returning(table::id).get_result(conn)?)
}

/// Stores the former identity number of a row.
pub fn set_nik(conn: &mut Conn, id: i64, encrypted: &[u8]) -> Result<(), DbError> {
    let statement = diesel::sql_query("UPDATE import_rows SET nik = $1 WHERE id = $2");
    Prepared(statement.bind::<Binary, _>(encrypted).bind::<BigInt, _>(id)).execute(conn)?;
    Ok(())
}

/// Whether there are rows of an import.
pub fn any(conn: &mut Conn, import: ImportId) -> Result<bool, DbError> {
    let rows = table::table.filter(table::import_id.eq(import.0));
    Ok(diesel::select(diesel::dsl::exists(rows)).get_result(conn)?)
}

/// Rows of an import before `before` (an id), the last ones first.
pub fn last_before(
    conn: &mut Conn,
    import: ImportId,
    before: i64,
    limit: i64,
) -> Result<Vec<ImportedRow>, DbError> {
    let rows = table::table.filter(table::import_id.eq(import.0).and(table::id.lt(before)));
    let rows = rows.select(ImportedRow::as_select()).order(table::id.desc()).limit(limit);
    Ok(rows.load(conn)?)
}

/// Tells earlier imports of an entity that undoing a later one has restored what they left, as a new version.
pub fn restored(
    conn: &mut Conn,
    kind: ImportKind,
    entity: i64,
    former: i64,
    now: i64,
) -> Result<(), DbError> {
    let statement = diesel::sql_query(
        "UPDATE import_rows SET version = $1
          WHERE entity_id = $2 AND version = $3
            AND import_id IN (SELECT id FROM imports WHERE kind = $4)",
    );
    let statement = statement.bind::<BigInt, _>(now).bind::<BigInt, _>(entity);
    let statement = statement.bind::<BigInt, _>(former).bind::<Text, _>(kind.as_str());
    Prepared(statement).execute(conn)?;
    Ok(())
}

/// Deletes rows that were undone.
pub fn delete(conn: &mut Conn, ids: &[i64]) -> Result<(), DbError> {
    diesel::delete(table::table.filter(table::id.eq_any(ids.to_vec()))).execute(conn)?;
    Ok(())
}

/// Deletes rows of imports that began before `time`, at most [`BATCH_SIZE`].
pub fn delete_before(conn: &mut Conn, time: NaiveDateTime) -> Result<usize, DbError> {
    let delete = diesel::sql_query(
        "DELETE FROM import_rows WHERE id IN
         (SELECT r.id FROM imports i JOIN import_rows r ON r.import_id = i.id
           WHERE i.started_at < $1 LIMIT $2)",
    );
    let delete = delete.bind::<Timestamp, _>(time).bind::<BigInt, _>(BATCH_SIZE as i64);
    Ok(delete.execute(conn)?)
}
