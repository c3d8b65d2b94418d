//! Keys of older audit entries, each encrypted with a data key.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary};

use crate::conn::Conn;
use crate::error::DbError;
use crate::schema::audit_keys as table;

/// All keys: id and encrypted key.
pub fn all(conn: &mut Conn) -> Result<Vec<(i64, Vec<u8>)>, DbError> {
    Ok(table::table.order(table::id).load(conn)?)
}

/// Adds a key, unless it exists already.
pub fn insert_if_absent(conn: &mut Conn, id: i64, encrypted: &[u8]) -> Result<(), DbError> {
    diesel::sql_query(
        "INSERT INTO audit_keys (id, encrypted) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING",
    )
    .bind::<BigInt, _>(id)
    .bind::<Binary, _>(encrypted)
    .execute(conn)?;
    Ok(())
}
