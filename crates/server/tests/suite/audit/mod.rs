//! Audit: integrity, queries and absence of secrets.

mod chain;
mod queries;
mod secrets;

use db::{Conn, DbError};
use diesel::connection::SimpleConnection;
use services::audit::{ChainReport, verify};

use crate::harness::TestApp;

/// Verifies the chain.
pub async fn verified(app: &TestApp) -> ChainReport {
    let cipher = app.cipher.clone();
    app.db.read(move |conn| verify(conn, &cipher)).await.unwrap()
}

/// Runs SQL statements directly on the database.
pub async fn run_sql(app: &TestApp, sql: &str) -> Result<(), DbError> {
    let sql = sql.to_owned();
    app.db.read(move |conn| Ok(conn.batch_execute(&sql)?)).await
}

/// Drops the triggers that protect the audit, as a database superuser can.
pub async fn unlock(app: &TestApp) {
    let unlock = |conn: &mut Conn| {
        Ok::<_, DbError>(conn.batch_execute(match conn {
            Conn::Sqlite(_) => {
                "DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete;
                 DROP TRIGGER audit_no_replace; DROP TRIGGER audit_head_no_delete"
            }
            Conn::Postgres(_) => {
                "DROP TRIGGER audit_append_only ON audit; DROP TRIGGER audit_head_stays ON audit_head"
            }
        })?)
    };
    app.db.read(unlock).await.unwrap();
}
