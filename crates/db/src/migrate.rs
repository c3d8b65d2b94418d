//! Bringing the schema up to date.

use diesel::connection::SimpleConnection;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::conn::Conn;
use crate::error::DbError;

const SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");

/// Any number that no other program uses as its advisory lock.
const LOCK: i64 = 0x4953_504d_4752;

/// Runs the migrations that are missing. Two servers that start at once do not collide.
///
/// # Errors
/// A migration fails; the ones before it stay.
pub fn run(conn: &mut Conn) -> Result<(), DbError> {
    let failed =
        |error: Box<dyn std::error::Error + Send + Sync>| DbError::Migration(error.to_string());
    match conn {
        Conn::Sqlite(conn) => {
            conn.run_pending_migrations(SQLITE).map_err(failed)?;
        }
        Conn::Postgres(conn) => {
            conn.batch_execute(&format!("SELECT pg_advisory_lock({LOCK})"))?;
            let outcome = conn.run_pending_migrations(POSTGRES).map(|_| ()).map_err(failed);
            conn.batch_execute(&format!("SELECT pg_advisory_unlock({LOCK})"))?;
            outcome?;
        }
    }
    Ok(())
}
