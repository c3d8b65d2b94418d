//! Bringing stored `search_text` values to the format of this version.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use crate::conn::Conn;
use crate::error::DbError;
use crate::schema::search_format as table;
use crate::tables::{customers, jobs};

/// The format that [`crate::search::IndexedText`] writes. A change of it takes the next number.
const FORMAT: i64 = 2;

/// Rows per transaction.
const BATCH: i64 = 1_000;

/// Writes every `search_text` anew if an older version wrote them. Interrupted, it starts again.
pub(crate) fn rebuild_if_outdated(conn: &mut Conn) -> Result<(), DbError> {
    let stored: Option<i64> = table::table.select(table::version).first(conn).optional()?;
    if stored == Some(FORMAT) {
        return Ok(());
    }
    let customers = for_all(conn, customers::rewrite_search_text)?;
    let jobs = for_all(conn, jobs::rewrite_search_text)?;
    if customers + jobs > 0 {
        log::info!("the search was set up for {customers} customers and {jobs} jobs");
    }
    diesel::sql_query(
        "INSERT INTO search_format (id, version) VALUES (1, $1)
         ON CONFLICT (id) DO UPDATE SET version = excluded.version",
    )
    .bind::<BigInt, _>(FORMAT)
    .execute(conn)?;
    Ok(())
}

/// Rewrites batch after batch; returns the number of rows.
fn for_all(
    conn: &mut Conn,
    rewrite: fn(&mut Conn, i64, i64) -> Result<Vec<i64>, DbError>,
) -> Result<usize, DbError> {
    let (mut after, mut done) = (0, 0);
    loop {
        let ids = conn.transaction(|conn| rewrite(conn, after, BATCH))?;
        let Some(last) = ids.last() else { return Ok(done) };
        if done == 0 {
            log::info!("setting up the search; with very many rows this takes some minutes, once");
        }
        (after, done) = (*last, done + ids.len());
    }
}
