//! Backup copies of a SQLite database that is in use.

use std::fs::File;
use std::path::Path;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use shared::StorageFault;

use crate::conn::Conn;
use crate::error::DbError;
use crate::storage::check_integrity;

/// Writes a snapshot of the database into a new file. Readers and writers are not blocked.
///
/// # Errors
/// [`DbError::Query`]: the file exists already or can't be written. [`DbError::Unsupported`] on PostgreSQL.
pub fn copy_into(conn: &mut Conn, target: &Path) -> Result<(), DbError> {
    let Conn::Sqlite(_) = conn else {
        return Err(DbError::Unsupported("use pg_dump for copies of PostgreSQL"));
    };
    let name = target.to_string_lossy().into_owned();
    diesel::sql_query("VACUUM INTO ?").bind::<Text, _>(name).execute(conn)?;
    let synced = File::open(target).and_then(|file| file.sync_all());
    synced.map_err(|error| DbError::Storage {
        fault: crate::storage::fault_of_io(&error),
        cause: format!("{}: {error}", target.display()),
    })
}

/// Checks the integrity of a copy without changing it.
///
/// # Errors
/// [`DbError::Connection`]; [`DbError::Storage`] if the copy is damaged, with what is broken.
pub fn verify_copy(path: &Path) -> Result<(), DbError> {
    let name = format!("file:{}?mode=ro&immutable=1", path.display());
    let connected = diesel::SqliteConnection::establish(&name);
    let mut conn = connected.map_err(|error| DbError::Connection(error.to_string()))?;
    conn.batch_execute("PRAGMA query_only = ON")?;
    check_integrity(&mut Conn::Sqlite(conn)).map_err(|cause| DbError::Storage {
        fault: StorageFault::Damaged,
        cause: format!("damaged: {cause}"),
    })
}
