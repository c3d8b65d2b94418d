//! The file of SQLite: whole, in one place, in one server's hands.

use std::fs;

use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};
use reqwest::Method;
use shared::customer::Customer;
use shared::{ErrorCode, Page, Problem};

use super::process::Setup;
use crate::harness::{Client, customer, customer_input};

async fn refusal(client: &Client) -> (u16, Option<String>, Problem) {
    let request = client.request(Method::POST, "/customers").json(&customer_input("Budi"));
    let answer = request.send().await.unwrap();
    let wait = answer.headers().get("retry-after").map(|value| value.to_str().unwrap().to_owned());
    (answer.status().as_u16(), wait, answer.json().await.unwrap())
}

async fn count(client: &Client) -> i64 {
    let page: Page<Customer> = client.get("/customers?limit=1&with_total=true").await;
    page.total.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_clean_stop_the_database_file_contains_everything() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let server = Setup::sqlite(here.path()).start().await;
    let owner = server.owner().await;
    for _ in 0..50 {
        customer(&owner, "Siti").await;
    }
    assert!(server.stop().success());
    fs::copy(here.path().join("isp.db"), there.path().join("isp.db")).unwrap();
    let server = Setup::sqlite(there.path()).start().await;
    assert_eq!(count(&server.owner().await).await, 50);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_server_on_the_same_file_is_rejected_and_told_the_owner() {
    let dir = tempfile::tempdir().unwrap();
    let setup = Setup::sqlite(dir.path());
    let server = setup.start().await;
    let line = setup.refused();
    assert!(line.contains("in use by another isp-server"), "{line}");
    assert!(line.contains(&format!("process {}", server.id())), "{line}");
    // A command that does one thing is let in.
    let (done, text) = setup.run(&["ledger", "verify"]);
    assert!(done, "{text}");
    server.kill();
    setup.start().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_truncated_or_overwritten_file_is_rejected_at_startup() {
    let dir = tempfile::tempdir().unwrap();
    let setup = Setup::sqlite(dir.path());
    let server = setup.start().await;
    let owner = server.owner().await;
    for _ in 0..20 {
        customer(&owner, "Siti").await;
    }
    assert!(server.stop().success());
    let path = dir.path().join("isp.db");
    let whole = fs::read(&path).unwrap();
    let half = whole.len() / 2;
    let mut overwritten = whole.clone();
    overwritten[half..half + 64 * 1024].fill(0xA5);
    let damaged = [
        ("nothing but half a page", whole[..2_000].to_vec()),
        ("half of it", whole[..half].to_vec()),
        ("without the last page", whole[..whole.len() - 4_096].to_vec()),
        ("written over", overwritten),
        ("another kind of file", b"bukan basis data".repeat(1_000)),
    ];
    for (what, bytes) in damaged {
        fs::write(&path, bytes).unwrap();
        let line = setup.refused();
        assert!(line.contains("restore a backup"), "{what}: {line}");
    }
    fs::write(&path, &whole).unwrap();
    assert_eq!(count(&setup.start().await.owner().await).await, 20);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deleted_or_replaced_file_accepts_no_changes() {
    for what in ["deleted", "replaced", "log deleted"] {
        let dir = tempfile::tempdir().unwrap();
        let setup = Setup::sqlite(dir.path());
        let server = setup.start().await;
        let owner = server.owner().await;
        customer(&owner, "Siti").await;
        let path = dir.path().join("isp.db");
        match what {
            "deleted" => fs::remove_file(&path).unwrap(),
            "replaced" => {
                fs::copy(&path, dir.path().join("other")).unwrap();
                fs::rename(dir.path().join("other"), &path).unwrap();
            }
            _ => fs::remove_file(dir.path().join("isp.db-wal")).unwrap(),
        }
        let (status, _, problem) = refusal(&owner).await;
        assert_eq!((status, problem.code), (503, ErrorCode::StorageUnavailable), "{what}");
        server.until_ready_is(503).await;
        assert!(server.said().contains("was deleted or replaced"), "{}", server.said());
        server.kill();
        if what == "deleted" {
            let line = setup.refused();
            assert!(line.contains("says that it was here"), "{line}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lock_of_another_program_delays_changes_and_is_logged() {
    let dir = tempfile::tempdir().unwrap();
    let setup = Setup::sqlite(dir.path());
    let server = setup.start().await;
    let owner = server.owner().await;
    let path = dir.path().join("isp.db");
    let mut holder = SqliteConnection::establish(path.to_str().unwrap()).unwrap();
    holder.batch_execute("BEGIN IMMEDIATE").unwrap();
    let (status, wait, problem) = refusal(&owner).await;
    assert_eq!((status, problem.code), (503, ErrorCode::Unavailable));
    assert!(wait.is_some(), "no Retry-After");
    if cfg!(target_os = "linux") {
        let own = format!("process {}", std::process::id());
        assert!(server.said().contains(&own), "{}", server.said());
    }
    assert_eq!(count(&owner).await, 0);
    holder.batch_execute("ROLLBACK").unwrap();
    customer(&owner, "Siti").await;
    server.until_ready_is(204).await;
}
