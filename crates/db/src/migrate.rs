//! Schema migrations.

use diesel::connection::SimpleConnection;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::conn::Conn;
use crate::error::DbError;

const SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");

/// Advisory lock id; any number that nothing else uses.
const LOCK: i64 = 0x4953_504d_4752;

/// Runs the pending migrations. Servers that start at the same time wait for each other.
///
/// # Errors
/// [`DbError::Migration`]; the migrations before the failed one stay applied.
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
