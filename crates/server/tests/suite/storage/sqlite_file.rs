//! SQLite file: integrity, single owner, replacement and locks.

use std::fs;

use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};
use reqwest::Method;
use shared::customer::Customer;
use shared::{ErrorCode, Page, Problem};

use crate::harness::server_process::ServerSetup;
use crate::harness::{Client, create_customer, customer_input, temp_dir};

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
    let (here, there) = (temp_dir(), temp_dir());
    let server = ServerSetup::sqlite(here.path()).start().await;
    let owner = server.owner().await;
    for _ in 0..50 {
        create_customer(&owner, "Siti").await;
    }
    assert!(server.stop().success());
    fs::copy(here.path().join("isp.db"), there.path().join("isp.db")).unwrap();
    let server = ServerSetup::sqlite(there.path()).start().await;
    assert_eq!(count(&server.owner().await).await, 50);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_server_on_the_same_file_is_rejected_and_names_the_owner() {
    let dir = temp_dir();
    let setup = ServerSetup::sqlite(dir.path());
    let mut server = setup.start().await;
    let line = setup.expect_start_failure();
    assert!(line.contains("in use by another isp-server"), "{line}");
    assert!(line.contains(&format!("process {}", server.id())), "{line}");
    // A one-off command is permitted.
    let (done, text) = setup.run(&["ledger", "verify"]);
    assert!(done, "{text}");
    server.kill();
    setup.start().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_truncated_or_overwritten_file_is_rejected_at_startup() {
    let dir = temp_dir();
    let setup = ServerSetup::sqlite(dir.path());
    let server = setup.start().await;
    let owner = server.owner().await;
    for _ in 0..20 {
        create_customer(&owner, "Siti").await;
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
        let line = setup.expect_start_failure();
        assert!(line.contains("restore a backup"), "{what}: {line}");
    }
    fs::write(&path, &whole).unwrap();
    assert_eq!(count(&setup.start().await.owner().await).await, 20);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deleted_or_replaced_file_accepts_no_changes() {
    for what in ["deleted", "replaced", "log deleted"] {
        let dir = temp_dir();
        let setup = ServerSetup::sqlite(dir.path());
        let mut server = setup.start().await;
        let owner = server.owner().await;
        create_customer(&owner, "Siti").await;
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
        server.wait_for_readiness(503).await;
        assert!(server.log().contains("was deleted or replaced"), "{}", server.log());
        server.kill();
        if what == "deleted" {
            let line = setup.expect_start_failure();
            assert!(line.contains("says that it was here"), "{line}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lock_of_another_program_delays_changes_and_is_logged() {
    let dir = temp_dir();
    let setup = ServerSetup::sqlite(dir.path());
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
        assert!(server.log().contains(&own), "{}", server.log());
    }
    assert_eq!(count(&owner).await, 0);
    holder.batch_execute("ROLLBACK").unwrap();
    create_customer(&owner, "Siti").await;
    server.wait_for_readiness(204).await;
}
