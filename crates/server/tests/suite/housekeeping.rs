//! Deletion of outdated rows in short transactions.

use db::{Conn, DbError};
use diesel::RunQueryDsl;
use diesel::sql_types::{BigInt, Text};
use services::housekeeping;

use crate::harness::TestApp;
use crate::on_both_databases;

on_both_databases!(
    old_rows_are_deleted_in_short_transactions,
    stored_responses_are_read_and_deleted_by_index,
);

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

#[derive(diesel::QueryableByName)]
struct Line {
    #[diesel(sql_type = Text, column_name = "detail")]
    text: String,
}

#[derive(diesel::QueryableByName)]
struct PlanLine {
    #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
    text: String,
}

async fn run(app: &TestApp, sql: &'static str) {
    let run = move |conn: &mut Conn| Ok::<_, DbError>(diesel::sql_query(sql).execute(conn)?);
    app.db.read(run).await.unwrap();
}

async fn count(app: &TestApp, table: &'static str) -> i64 {
    let sql = format!("SELECT count(*) AS count FROM {table}");
    let read = move |conn: &mut Conn| Ok::<_, DbError>(diesel::sql_query(sql).get_result(conn)?);
    let count: Count = app.db.read(read).await.unwrap();
    count.count
}

/// 20,000 expired responses.
const ANSWERS: &str =
    "INSERT INTO idempotency_keys (caller, key, request_hash, status, body, created_at)
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
    SELECT 'user:1', 'kunci-' || i, 'hash', 201, '{}', '2026-01-01 00:00:00' FROM n";

const EVENTS: &str = "INSERT INTO live_events (event, at)
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
    SELECT '{}', '2026-01-01 00:00:00' FROM n";

async fn old_rows_are_deleted_in_short_transactions(app: TestApp) {
    run(&app, ANSWERS).await;
    run(&app, EVENTS).await;
    assert!(app.db.write(housekeeping::delete_expired).await.unwrap());
    assert_eq!(count(&app, "idempotency_keys").await, 19_500);
    assert_eq!(count(&app, "live_events").await, 2_500);
    housekeeping::delete_all_expired(&app.db).await.unwrap();
    assert_eq!(count(&app, "idempotency_keys").await, 0);
    assert_eq!(count(&app, "live_events").await, 0);
}

/// Returns the query plan of the database.
async fn plan(app: &TestApp, sql: &'static str) -> String {
    let read = move |conn: &mut Conn| {
        let lines: Vec<String> = match conn {
            Conn::Sqlite(conn) => {
                let query = diesel::sql_query(format!("EXPLAIN QUERY PLAN {sql}"));
                query.load::<Line>(conn)?.into_iter().map(|line| line.text).collect()
            }
            Conn::Postgres(conn) => {
                let query = diesel::sql_query(format!("EXPLAIN {sql}"));
                query.load::<PlanLine>(conn)?.into_iter().map(|line| line.text).collect()
            }
        };
        Ok::<_, DbError>(lines.join("\n"))
    };
    app.db.read(read).await.unwrap()
}

/// By index, so that the cost does not depend on the number of rows.
async fn stored_responses_are_read_and_deleted_by_index(app: TestApp) {
    run(&app, ANSWERS).await;
    let found =
        plan(&app, "SELECT * FROM idempotency_keys WHERE caller = 'user:1' AND key = 'kunci-77'");
    let found = found.await;
    assert!(found.contains("_pkey") || found.contains("autoindex"), "{found}");
    let old = "SELECT caller, key FROM idempotency_keys WHERE created_at < '2025-01-01 00:00:00'
               ORDER BY created_at LIMIT 500";
    let old = plan(&app, old).await;
    assert!(old.contains("idempotency_keys_created"), "{old}");
}
