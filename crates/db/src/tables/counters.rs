//! Counters behind the numbers that people read: without gaps as far as transactions commit.

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

/// The next value of the counter, from 1; the row stays locked until the transaction ends.
pub fn next(conn: &mut Conn, name: &str) -> Result<i64, DbError> {
    take(conn, name, 1)
}

/// Takes the next `count` values of the counter and returns the last of them.
pub fn take(conn: &mut Conn, name: &str, count: i64) -> Result<i64, DbError> {
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

/// Lets the counter go on behind `value`, unless it is there already.
pub fn raise(conn: &mut Conn, name: &str, value: i64) -> Result<(), DbError> {
    diesel::sql_query(
        "INSERT INTO counters (name, value) VALUES ($1, $2)
         ON CONFLICT (name) DO UPDATE SET value = CASE
             WHEN counters.value < excluded.value THEN excluded.value ELSE counters.value END",
    )
    .bind::<Text, _>(name)
    .bind::<BigInt, _>(value)
    .execute(conn)?;
    Ok(())
}
