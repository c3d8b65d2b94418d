//! Counters for human-readable numbers (`PSB-202611-0001`); gapless, because they are transactional.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::conn::Conn;
use crate::error::DbError;
use crate::prepared::Prepared;

#[derive(QueryableByName)]
struct Value {
    #[diesel(sql_type = BigInt)]
    value: i64,
}

/// Takes the next `count` values, starting at 1, and returns the last of them. The row stays locked until the
/// transaction ends.
pub(crate) fn take(conn: &mut Conn, name: &str, count: i64) -> Result<i64, DbError> {
    let statement = diesel::sql_query(
        "INSERT INTO counters (name, value) VALUES ($1, $2)
         ON CONFLICT (name) DO UPDATE SET value = counters.value + excluded.value
         RETURNING value",
    )
    .bind::<Text, _>(name)
    .bind::<BigInt, _>(count);
    let row: Value = Prepared(statement).get_result(conn)?;
    Ok(row.value)
}
