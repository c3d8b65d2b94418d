//! Full disk: the server runs in a small file system of its own.
#![cfg(target_os = "linux")]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use reqwest::Method;
use shared::customer::Customer;
use shared::notification::{MessageKind, Notification};
use shared::{ErrorCode, Page, Problem};

use crate::harness::server_process::{ServerProcess, ServerSetup};
use crate::harness::{Client, create_customer, customer_input};

/// Configures a server whose folder is a private file system of this size. Returns `None` where
/// the machine does not permit it.
fn small_disk(folder: &Path, megabytes: u32) -> Option<ServerSetup> {
    let mount = format!("mount -t tmpfs -o size={megabytes}m tmpfs '{}'", folder.display());
    let unshare = |script: &str| -> Vec<String> {
        let words = ["unshare", "--map-root-user", "--mount", "sh", "-c", script, "sh"];
        words.map(str::to_owned).to_vec()
    };
    let trial = unshare(&mount);
    if !Command::new(&trial[0]).args(&trial[1..]).status().is_ok_and(|it| it.success()) {
        eprintln!("a private file system is not permitted here: this test proves nothing");
        return None;
    }
    let wrapper = unshare(&format!("{mount} && cd '{}' && exec \"$@\"", folder.display()));
    Some(ServerSetup { wrapper, ..ServerSetup::sqlite(folder) })
}

/// Returns the folder in the mount namespace of the server.
fn path_in_namespace(server: &ServerProcess, folder: &Path) -> PathBuf {
    PathBuf::from(format!("/proc/{}/root{}", server.id(), folder.display()))
}

/// Fills the file system.
fn fill_disk(folder: &Path) {
    let mut file = fs::File::create(folder.join("filling")).unwrap();
    for size in [1024 * 1024, 4 * 1024, 512] {
        while file.write_all(&vec![1; size]).is_ok() {}
    }
}

async fn refusal(client: &Client) -> Result<Customer, (u16, ErrorCode)> {
    let request = client.request(Method::POST, "/customers").json(&customer_input("Budi"));
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    if status == 201 {
        return Ok(answer.json().await.unwrap());
    }
    let problem: Problem = answer.json().await.unwrap();
    Err((status, problem.code))
}

/// Waits until a notification of this kind exists.
async fn wait_for_notification(client: &Client, kind: MessageKind) {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let reported: Page<Notification> = client.get("/notifications").await;
        if reported.items.iter().any(|one| one.kind == kind) {
            return;
        }
        assert!(Instant::now() < deadline, "no notification {kind}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_rejects_changes_but_allows_reads_and_sign_ins() {
    let dir = tempfile::tempdir().unwrap();
    let Some(setup) = small_disk(dir.path(), 60) else { return };
    let server = setup.start().await;
    let owner = server.owner().await;
    let kept = create_customer(&owner, "Siti").await;
    let folder = path_in_namespace(&server, dir.path());
    fill_disk(&folder);
    let mut refused = 0;
    for _ in 0..2_000 {
        match refusal(&owner).await {
            Ok(_) => {}
            Err((507, ErrorCode::StorageFull)) => refused += 1,
            Err(other) => panic!("{other:?}: {}", server.log()),
        }
        if refused == 5 {
            break;
        }
    }
    assert_eq!(refused, 5, "never full");
    server.wait_for_readiness(507).await;
    let again = server.owner().await;
    let found: Customer = again.get(&format!("/customers/{}", kept.id)).await;
    assert_eq!(found.number, kept.number);
    wait_for_notification(&again, MessageKind::StorageFault).await;

    fs::remove_file(folder.join("filling")).unwrap();
    server.wait_for_readiness(204).await;
    create_customer(&again, "Ani").await;
    wait_for_notification(&again, MessageKind::StorageRecovered).await;
    assert!(server.stop().success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn starting_on_a_full_disk_prints_one_line() {
    let dir = tempfile::tempdir().unwrap();
    let Some(mut setup) = small_disk(dir.path(), 10) else { return };
    let fill = format!("dd if=/dev/zero of='{}/filling' bs=1k 2>/dev/null; ", dir.path().display());
    let script = setup.wrapper[5].replace("exec", &format!("{fill} exec"));
    script.clone_into(&mut setup.wrapper[5]);
    let line = setup.expect_start_failure();
    assert!(line.contains("DATABASE_URL"), "{line}");
    assert!(line.contains("No space left") || line.contains("full"), "{line}");
}
