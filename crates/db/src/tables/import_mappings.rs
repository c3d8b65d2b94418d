//! What was chosen for headings and words of files in earlier imports.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use shared::import::{ImportKind, ImportMapping};

use crate::conn::Conn;
use crate::error::DbError;
use crate::schema::import_mappings as table;

/// The choices of earlier imports.
pub fn load(conn: &mut Conn, kind: ImportKind) -> Result<ImportMapping, DbError> {
    let row = table::table.filter(table::kind.eq(kind.as_str())).select(table::mapping);
    let Some(text) = row.first::<String>(conn).optional()? else {
        return Ok(ImportMapping::default());
    };
    serde_json::from_str(&text)
        .map_err(|error| DbError::Corrupt(format!("import_mappings: {error}")))
}

/// Stores the choices.
pub fn store(
    conn: &mut Conn,
    kind: ImportKind,
    mapping: &ImportMapping,
    now: NaiveDateTime,
) -> Result<(), DbError> {
    let text = serde_json::to_string(mapping)
        .map_err(|error| DbError::Encode(format!("import_mappings: {error}")))?;
    let row = (table::mapping.eq(&text), table::updated_at.eq(now));
    let changed = diesel::update(table::table.find(kind.as_str())).set(row).execute(conn)?;
    if changed == 0 {
        diesel::insert_into(table::table)
            .values((table::kind.eq(kind.as_str()), row))
            .execute(conn)?;
    }
    Ok(())
}
