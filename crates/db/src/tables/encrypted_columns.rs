//! Access to encrypted values in any table, for key rotation.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary};

use crate::conn::Conn;
use crate::error::DbError;

/// A column that holds encrypted values or null.
#[derive(Debug, Clone, Copy)]
pub struct EncryptedColumn {
    pub table: &'static str,
    /// Name of the numeric primary key.
    pub key: &'static str,
    pub column: &'static str,
}

/// One encrypted value.
#[derive(Debug, QueryableByName)]
pub struct EncryptedValue {
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    #[diesel(sql_type = Binary)]
    pub encrypted: Vec<u8>,
}

/// The values of the rows after `id`, at most `limit`.
pub fn after(
    conn: &mut Conn,
    of: EncryptedColumn,
    id: i64,
    limit: i64,
) -> Result<Vec<EncryptedValue>, DbError> {
    let EncryptedColumn { table, key, column } = of;
    let text = format!(
        "SELECT {key} AS id, {column} AS encrypted FROM {table}
          WHERE {key} > $1 AND {column} IS NOT NULL ORDER BY {key} LIMIT $2"
    );
    let query = diesel::sql_query(text).bind::<BigInt, _>(id).bind::<BigInt, _>(limit);
    Ok(query.load(conn)?)
}

/// Replaces `old` by another value; false if it was changed meanwhile.
pub fn replace(
    conn: &mut Conn,
    of: EncryptedColumn,
    old: &EncryptedValue,
    new: &[u8],
) -> Result<bool, DbError> {
    let EncryptedColumn { table, key, column } = of;
    let text = format!("UPDATE {table} SET {column} = $1 WHERE {key} = $2 AND {column} = $3");
    let changed = diesel::sql_query(text)
        .bind::<Binary, _>(new)
        .bind::<BigInt, _>(old.id)
        .bind::<Binary, _>(&old.encrypted)
        .execute(conn)?;
    Ok(changed == 1)
}
