//! Encrypted identity numbers of customers. The encryption needs the row's id, so they are written
//! after the row.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Binary, Text};
use shared::CustomerId;

use crate::conn::Conn;
use crate::error::DbError;
use crate::prepared::Prepared;
use crate::schema::customers as table;

/// Rows of one statement.
const BATCH: usize = 400;

/// An identity number as it is stored.
#[derive(Debug, Clone)]
pub struct EncryptedNik {
    pub customer: CustomerId,
    pub encrypted: Vec<u8>,
    /// Keyed hash, in hex, to find the number by.
    pub hash: String,
}

/// Stores encrypted identity numbers.
pub fn set(conn: &mut Conn, niks: &[EncryptedNik]) -> Result<(), DbError> {
    match conn {
        Conn::Postgres(conn) => {
            for batch in niks.chunks(BATCH) {
                let ids: Vec<CustomerId> = batch.iter().map(|nik| nik.customer).collect();
                let encrypted: Vec<&[u8]> =
                    batch.iter().map(|nik| nik.encrypted.as_slice()).collect();
                let hashes: Vec<&str> = batch.iter().map(|nik| nik.hash.as_str()).collect();
                diesel::sql_query(
                    "UPDATE customers SET nik = new.nik, nik_hash = new.hash
                       FROM unnest($1, $2, $3) AS new (id, nik, hash)
                      WHERE customers.id = new.id",
                )
                .bind::<Array<BigInt>, _>(ids)
                .bind::<Array<Binary>, _>(encrypted)
                .bind::<Array<Text>, _>(hashes)
                .execute(conn)?;
            }
        }
        conn @ Conn::Sqlite(_) => {
            for nik in niks {
                let statement =
                    diesel::sql_query("UPDATE customers SET nik = $1, nik_hash = $2 WHERE id = $3")
                        .bind::<Binary, _>(nik.encrypted.as_slice())
                        .bind::<Text, _>(nik.hash.as_str())
                        .bind::<BigInt, _>(nik.customer);
                Prepared(statement).execute(conn)?;
            }
        }
    }
    Ok(())
}

/// Encrypted numbers of customers after `after`, those without a hash only if `unhashed`.
pub fn list_encrypted(
    conn: &mut Conn,
    after: CustomerId,
    unhashed: bool,
    limit: i64,
) -> Result<Vec<(CustomerId, Vec<u8>)>, DbError> {
    let mut rows = table::table
        .filter(table::id.gt(after).and(table::nik.is_not_null()))
        .select((table::id, table::nik.assume_not_null()))
        .order(table::id)
        .limit(limit)
        .into_boxed();
    if unhashed {
        rows = rows.filter(table::nik_hash.is_null());
    }
    Ok(rows.load(conn)?)
}

/// Stores the hash of a number.
pub fn set_hash(conn: &mut Conn, id: CustomerId, hash: &str) -> Result<(), DbError> {
    let statement = diesel::sql_query("UPDATE customers SET nik_hash = $1 WHERE id = $2");
    Prepared(statement.bind::<Text, _>(hash).bind::<BigInt, _>(id)).execute(conn)?;
    Ok(())
}

/// Removes an identity number.
pub fn clear(conn: &mut Conn, id: CustomerId) -> Result<(), DbError> {
    let nothing = (table::nik.eq(None::<Vec<u8>>), table::nik_hash.eq(None::<String>));
    diesel::update(table::table.find(id)).set(nothing).execute(conn)?;
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
