//! PostgreSQL restarts and read-only databases.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use reqwest::Method;
use shared::customer::Customer;
use shared::{ErrorCode, Page, Problem, Role};

use crate::harness::server_process::wait_for_readiness;
use crate::harness::{Backend, Client, TestApp, create_customer, customer_input};

/// Terminates every other connection to this database, as a restart does.
fn end_connections(app: &TestApp) {
    let mut conn = PgConnection::establish(&app.database_url).unwrap();
    let others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                  WHERE datname = current_database() AND pid <> pg_backend_pid()";
    conn.batch_execute(others).unwrap();
}

fn read_only(app: &TestApp, on: bool) {
    let (address, name) = app.database_url.rsplit_once('/').unwrap();
    let mut conn = PgConnection::establish(&format!("{address}/postgres")).unwrap();
    let value = if on { "on" } else { "off" };
    let sql = format!("ALTER DATABASE {name} SET default_transaction_read_only = {value}");
    conn.batch_execute(&sql).unwrap();
    end_connections(app);
}

async fn write_once(client: &Client) -> u16 {
    let request = client.request(Method::POST, "/customers").json(&customer_input("Budi"));
    request.send().await.unwrap().status().as_u16()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_postgres_restart_fails_requests_only_temporarily() {
    let app = TestApp::start(Backend::Postgres).await;
    let cs = app.sign_in_as(Role::Cs).await;
    let (over, made) = (AtomicBool::new(false), AtomicUsize::new(0));
    let work = || async {
        let mut statuses = Vec::new();
        while !over.load(Ordering::SeqCst) {
            let status = write_once(&cs).await;
            made.fetch_add(usize::from(status == 201), Ordering::SeqCst);
            statuses.push(status);
            let read = cs.request(Method::GET, "/customers?limit=5").send().await.unwrap();
            statuses.push(read.status().as_u16());
        }
        statuses
    };
    let restarts = async {
        for restart in 1..=5 {
            while made.load(Ordering::SeqCst) < restart * 10 {
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
            end_connections(&app);
        }
        over.store(true, Ordering::SeqCst);
    };
    let (first, second, third, ()) = tokio::join!(work(), work(), work(), restarts);
    let statuses = [first, second, third].concat();
    let wrong: Vec<&u16> = statuses.iter().filter(|it| !matches!(it, 200 | 201 | 503)).collect();
    assert!(wrong.is_empty(), "{wrong:?} of {}", statuses.len());
    wait_for_readiness(&app.base, 204).await;
    let page: Page<Customer> = cs.get("/customers?limit=1&with_total=true").await;
    let made = made.load(Ordering::SeqCst) as i64;
    // A commit without a response may have happened; an acknowledged one has.
    assert!(page.total.unwrap() >= made, "{} of {made}", page.total.unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_only_database_can_be_read_and_is_reported() {
    let app = TestApp::start(Backend::Postgres).await;
    let cs = app.sign_in_as(Role::Cs).await;
    let kept = create_customer(&cs, "Siti").await;
    read_only(&app, true);
    wait_for_readiness(&app.base, 503).await;
    let request = cs.request(Method::POST, "/customers").json(&customer_input("Budi"));
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 503);
    let problem: Problem = answer.json().await.unwrap();
    assert_eq!(problem.code, ErrorCode::StorageUnavailable);
    let found: Customer = cs.get(&format!("/customers/{}", kept.id)).await;
    assert_eq!(found.number, kept.number);
    read_only(&app, false);
    wait_for_readiness(&app.base, 204).await;
    create_customer(&cs, "Ani").await;
}
