//! Counters behind the numbers that people read: without gaps as far as transactions commit.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::conn::Conn;
use crate::error::DbError;

#[derive(QueryableByName)]
struct Value {
    #[diesel(sql_type = BigInt)]
    value: i64,
}

/// The next value of the counter, from 1; the row stays locked until the transaction ends.
pub fn next(conn: &mut Conn, name: &str) -> Result<i64, DbError> {
    let row: Value = diesel::sql_query(
        "INSERT INTO counters (name, value) VALUES ($1, 1)
         ON CONFLICT (name) DO UPDATE SET value = counters.value + 1
         RETURNING value",
    )
    .bind::<Text, _>(name)
    .get_result(conn)?;
    Ok(row.value)
}
