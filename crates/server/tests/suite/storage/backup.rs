//! Backup and restore.

use std::fs;
use std::path::{Path, PathBuf};

use shared::Page;
use shared::customer::Customer;
use shared::job::JobType;

use crate::harness::server_process::ServerSetup;
use crate::harness::{Backend, Client, create_customer, create_job, temp_dir, upload_photo};
use crate::on_both_databases;

on_both_databases!(starting: a_backup_made_under_load_is_restored_completely,);

/// Returns the folder that `backup` has created below this one.
fn backup_folder(below: &Path) -> PathBuf {
    let entries: Vec<_> = fs::read_dir(below).unwrap().flatten().map(|it| it.path()).collect();
    assert_eq!(entries.len(), 1, "{entries:?}");
    entries[0].clone()
}

async fn numbers(client: &Client) -> Vec<String> {
    let page: Page<Customer> = client.get("/customers?limit=200&sort=created_at").await;
    page.items.into_iter().map(|customer| customer.number).collect()
}

async fn a_backup_made_under_load_is_restored_completely(backend: Backend) {
    let (here, there) = (temp_dir(), temp_dir());
    let setup = ServerSetup::new(backend, here.path());
    let server = setup.start().await;
    let owner = server.owner().await;
    for _ in 0..20 {
        create_customer(&owner, "Siti").await;
    }
    let repair = create_job(&owner, JobType::Repair).await;
    let kept = upload_photo(&owner, repair.id).await;
    let before = numbers(&owner).await;
    let target = here.path().join("backups");
    let backup = || setup.run(&["backup", target.to_str().unwrap()]);
    let load = async {
        for _ in 0..20 {
            create_customer(&owner, "Tono").await;
        }
    };
    let ((done, text), ()) = tokio::join!(async { tokio::task::block_in_place(backup) }, load);
    assert!(done, "{text}");
    let folder = backup_folder(&target);

    let other = ServerSetup::new(backend, there.path());
    let (done, text) = other.run(&["restore", folder.to_str().unwrap()]);
    assert!(done, "{text}");
    assert!(text.contains("ledger sound"), "{text}");
    let restored = other.start().await;
    let owner = restored.owner().await;
    let after = numbers(&owner).await;
    assert!(after.starts_with(&before), "{before:?} {after:?}");
    let address = kept.url.strip_prefix("/api").unwrap();
    let answer = owner.request(reqwest::Method::GET, address).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(restored.stop().success());
    let (done, text) = other.run(&["restore", folder.to_str().unwrap()]);
    assert!(!done, "something was overwritten: {text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_backup_is_not_restored() {
    let (here, there) = (temp_dir(), temp_dir());
    let setup = ServerSetup::sqlite(here.path());
    setup.start().await.stop();
    let target = here.path().join("backups");
    let (done, text) = setup.run(&["backup", target.to_str().unwrap()]);
    assert!(done, "{text}");
    let folder = backup_folder(&target);
    let copy = fs::read(folder.join("isp.db")).unwrap();
    fs::write(folder.join("isp.db"), &copy[..copy.len() / 2]).unwrap();
    let (done, text) =
        ServerSetup::sqlite(there.path()).run(&["restore", folder.to_str().unwrap()]);
    assert!(!done, "{text}");
    assert!(!there.path().join("isp.db").exists());
}

/// A copy of the files at one instant equals the state after a power cut or in a volume snapshot.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_snapshot_under_load_contains_every_acknowledged_write() {
    let here = temp_dir();
    let setup = ServerSetup::sqlite(here.path());
    let server = setup.start().await;
    let owner = server.owner().await;
    for round in 1..=5_usize {
        let work = async {
            for _ in 0..10 {
                create_customer(&owner, "Siti").await;
            }
            numbers(&owner).await
        };
        let others = async {
            for _ in 0..5 {
                create_customer(&owner, "Tono").await;
            }
        };
        let (acknowledged, ()) = tokio::join!(work, others);
        let there = temp_dir();
        server.signal("-STOP");
        for name in ["isp.db", "isp.db-wal"] {
            fs::copy(here.path().join(name), there.path().join(name)).unwrap();
        }
        server.signal("-CONT");
        let copy = ServerSetup::sqlite(there.path());
        let (done, text) = copy.run(&["audit", "verify"]);
        assert!(done, "{text}");
        let restored = copy.start().await;
        let found = numbers(&restored.owner().await).await;
        assert!(found.starts_with(&acknowledged), "round {round}: {found:?} {acknowledged:?}");
    }
}
