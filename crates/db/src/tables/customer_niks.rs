//! Encrypted identity numbers of customers. The encryption needs the row's id, so they are written
//! after the row.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Binary};
use shared::CustomerId;

use crate::conn::Conn;
use crate::error::DbError;
use crate::prepared::Prepared;
use crate::schema::customers as table;

/// Rows of one statement.
const BATCH: usize = 400;

/// Stores encrypted identity numbers.
pub fn set(conn: &mut Conn, niks: &[(CustomerId, Vec<u8>)]) -> Result<(), DbError> {
    match conn {
        Conn::Postgres(conn) => {
            for batch in niks.chunks(BATCH) {
                let (ids, encrypted): (Vec<CustomerId>, Vec<&[u8]>) =
                    batch.iter().map(|(id, encrypted)| (*id, encrypted.as_slice())).unzip();
                diesel::sql_query(
                    "UPDATE customers SET nik = new.nik
                       FROM unnest($1, $2) AS new (id, nik) WHERE customers.id = new.id",
                )
                .bind::<Array<BigInt>, _>(ids)
                .bind::<Array<Binary>, _>(encrypted)
                .execute(conn)?;
            }
        }
        conn @ Conn::Sqlite(_) => {
            for (id, encrypted) in niks {
                let statement = diesel::sql_query("UPDATE customers SET nik = $1 WHERE id = $2")
                    .bind::<Binary, _>(encrypted.as_slice())
                    .bind::<BigInt, _>(*id);
                Prepared(statement).execute(conn)?;
            }
        }
    }
    Ok(())
}

/// Removes an identity number.
pub fn clear(conn: &mut Conn, id: CustomerId) -> Result<(), DbError> {
    diesel::update(table::table.find(id)).set(table::nik.eq(None::<Vec<u8>>)).execute(conn)?;
    Ok(())
}

/// Identity numbers in plaintext, from before they were encrypted.
pub fn list_plaintext(conn: &mut Conn, limit: i64) -> Result<Vec<(CustomerId, String)>, DbError> {
    let rows = table::table.filter(table::nik_clear.is_not_null()).order(table::id).limit(limit);
    Ok(rows.select((table::id, table::nik_clear.assume_not_null())).load(conn)?)
}

/// Replaces the plaintext number by the encrypted one, unless there is a newer one.
pub fn replace_plaintext(conn: &mut Conn, id: CustomerId, encrypted: &[u8]) -> Result<(), DbError> {
    let statement = diesel::sql_query(
        "UPDATE customers SET nik = COALESCE(nik, $1), nik_clear = NULL WHERE id = $2",
    );
    Prepared(statement.bind::<Binary, _>(encrypted).bind::<BigInt, _>(id)).execute(conn)?;
    Ok(())
}

/// Rewrites the table, so that deleted plaintext does not remain in free pages. Must not run within a
/// transaction.
pub fn vacuum(conn: &mut Conn) -> Result<(), DbError> {
    match conn {
        Conn::Sqlite(conn) => conn.batch_execute("VACUUM; PRAGMA wal_checkpoint(TRUNCATE);")?,
        Conn::Postgres(conn) => conn.batch_execute("VACUUM FULL customers")?,
    }
    Ok(())
}
