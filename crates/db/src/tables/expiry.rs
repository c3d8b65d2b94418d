//! Deletion of expired rows in small batches, so that other transactions do not wait long.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Timestamp};

use crate::conn::Conn;
use crate::error::DbError;

/// Maximum number of rows that one call deletes.
pub const BATCH_SIZE: usize = 500;

/// The expired rows of a table.
pub(super) struct ExpiredRows {
    pub table: &'static str,
    /// Columns of the primary key.
    pub key: &'static str,
    /// The column with the time that is compared.
    pub since: &'static str,
}

impl ExpiredRows {
    /// Deletes rows from before `time`, at most [`AT_ONCE`].
    pub fn delete_batch(&self, conn: &mut Conn, time: NaiveDateTime) -> Result<usize, DbError> {
        let Self { table, key, since } = self;
        let delete = diesel::sql_query(format!(
            "DELETE FROM {table} WHERE ({key}) IN
             (SELECT {key} FROM {table} WHERE {since} < $1 ORDER BY {since} LIMIT $2)"
        ));
        let delete = delete.bind::<Timestamp, _>(time).bind::<BigInt, _>(BATCH_SIZE as i64);
        Ok(delete.execute(conn)?)
    }
}
