//! Head of the audit chain: one row that every new entry updates.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Nullable};

use crate::conn::{Backend, Conn};
use crate::error::DbError;
use crate::prepared::Prepared;
use crate::schema::audit_head as table;

/// The head of the chain.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, QueryableByName)]
#[diesel(table_name = table)]
pub struct AuditHead {
    pub entries: i64,
    /// MAC of the last entry; empty while there is none.
    pub mac: Vec<u8>,
    /// Which key `seal` was made with.
    pub key_id: i64,
    pub seal: Vec<u8>,
}

/// The head, if there is one.
pub(crate) fn find(conn: &mut Conn) -> Result<Option<AuditHead>, DbError> {
    Ok(table::table.select(AuditHead::as_select()).first(conn).optional()?)
}

/// Locks the head until the transaction ends. Returns it with the highest entry number that this
/// transaction sees: on PostgreSQL not always the newest, but in a valid chain never above the head's.
pub(crate) fn lock(conn: &mut Conn) -> Result<Option<(AuditHead, i64)>, DbError> {
    let statement = match conn.backend() {
        // SQLite has one writer at a time.
        Backend::Sqlite => {
            "SELECT (SELECT MAX(id) FROM audit) AS newest, entries, mac, key_id, seal
               FROM audit_head WHERE id = 1"
        }
        Backend::Postgres => {
            "SELECT (SELECT MAX(id) FROM audit) AS newest, entries, mac, key_id, seal
               FROM audit_head WHERE id = 1 FOR UPDATE"
        }
    };
    let row: Option<HeadAndNewest> =
        Prepared(diesel::sql_query(statement)).get_result(conn).optional()?;
    Ok(row.and_then(|row| Some((row.head?, row.newest.unwrap_or(0)))))
}

/// Inserts the first head, unless another process has done so.
pub(crate) fn insert_first(conn: &mut Conn, head: &AuditHead) -> Result<(), DbError> {
    diesel::sql_query(
        "INSERT INTO audit_head (id, entries, mac, key_id, seal) VALUES (1, $1, $2, $3, $4)
         ON CONFLICT (id) DO NOTHING",
    )
    .bind::<BigInt, _>(head.entries)
    .bind::<Binary, _>(&head.mac)
    .bind::<BigInt, _>(head.key_id)
    .bind::<Binary, _>(&head.seal)
    .execute(conn)?;
    Ok(())
}

/// Updates the head.
pub(crate) fn store(conn: &mut Conn, head: &AuditHead) -> Result<(), DbError> {
    let statement = diesel::sql_query(
        "INSERT INTO audit_head (id, entries, mac, key_id, seal) VALUES (1, $1, $2, $3, $4)
         ON CONFLICT (id) DO UPDATE SET entries = excluded.entries, mac = excluded.mac,
             key_id = excluded.key_id, seal = excluded.seal",
    )
    .bind::<BigInt, _>(head.entries)
    .bind::<Binary, _>(&head.mac)
    .bind::<BigInt, _>(head.key_id)
    .bind::<Binary, _>(&head.seal);
    Prepared(statement).execute(conn)?;
    Ok(())
}

#[derive(QueryableByName)]
struct HeadAndNewest {
    #[diesel(sql_type = Nullable<BigInt>)]
    newest: Option<i64>,
    #[diesel(embed)]
    head: Option<AuditHead>,
}

/// The head and the number of the newest entry, from one snapshot.
pub fn with_newest(conn: &mut Conn) -> Result<(Option<AuditHead>, i64), DbError> {
    let statement = diesel::sql_query(
        "SELECT n.newest, h.entries, h.mac, h.key_id, h.seal
           FROM (SELECT MAX(id) AS newest FROM audit) AS n
           LEFT JOIN audit_head h ON h.id = 1",
    );
    let row: HeadAndNewest = statement.get_result(conn)?;
    Ok((row.head, row.newest.unwrap_or(0)))
}
