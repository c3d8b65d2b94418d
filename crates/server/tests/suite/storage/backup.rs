//! Backups, and that each kind of them can be restored.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use shared::Page;
use shared::customer::Customer;
use shared::job::JobType;

use super::process::Setup;
use crate::harness::{Backend, Client, customer, job, photo};
use crate::on_both_databases;

on_both_databases!(starting: a_backup_made_under_load_is_restored_completely,);

/// The folder that `backup` has made below this one.
fn made(below: &Path) -> PathBuf {
    let entries: Vec<_> = fs::read_dir(below).unwrap().flatten().map(|it| it.path()).collect();
    assert_eq!(entries.len(), 1, "{entries:?}");
    entries[0].clone()
}

async fn numbers(client: &Client) -> Vec<String> {
    let page: Page<Customer> = client.get("/customers?limit=200&sort=created_at").await;
    page.items.into_iter().map(|customer| customer.number).collect()
}

async fn a_backup_made_under_load_is_restored_completely(backend: Backend) {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let setup = Setup::on(backend, here.path());
    let server = setup.start().await;
    let owner = server.owner().await;
    for _ in 0..20 {
        customer(&owner, "Siti").await;
    }
    let repair = job(&owner, JobType::Repair).await;
    let kept = photo(&owner, repair.id).await;
    let before = numbers(&owner).await;
    let target = here.path().join("backups");
    let backup = || setup.run(&["backup", target.to_str().unwrap()]);
    let load = async {
        for _ in 0..20 {
            customer(&owner, "Tono").await;
        }
    };
    let ((done, text), ()) = tokio::join!(async { tokio::task::block_in_place(backup) }, load);
    assert!(done, "{text}");
    let folder = made(&target);

    let other = Setup::on(backend, there.path());
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
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let setup = Setup::sqlite(here.path());
    setup.start().await.stop();
    let target = here.path().join("backups");
    let (done, text) = setup.run(&["backup", target.to_str().unwrap()]);
    assert!(done, "{text}");
    let folder = made(&target);
    let copy = fs::read(folder.join("isp.db")).unwrap();
    fs::write(folder.join("isp.db"), &copy[..copy.len() / 2]).unwrap();
    let (done, text) = Setup::sqlite(there.path()).run(&["restore", folder.to_str().unwrap()]);
    assert!(!done, "{text}");
    assert!(!there.path().join("isp.db").exists());
}

/// A picture of the files at one instant is what a power cut or a snapshot of a volume leaves.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_snapshot_under_load_contains_every_acknowledged_write() {
    let here = tempfile::tempdir().unwrap();
    let setup = Setup::sqlite(here.path());
    let server = setup.start().await;
    let owner = server.owner().await;
    let signal = |name: &str| {
        let sent = Command::new("kill").args([name, &server.id().to_string()]).status().unwrap();
        assert!(sent.success());
    };
    for round in 1..=5_usize {
        let work = async {
            for _ in 0..10 {
                customer(&owner, "Siti").await;
            }
            numbers(&owner).await
        };
        let others = async {
            for _ in 0..5 {
                customer(&owner, "Tono").await;
            }
        };
        let (acknowledged, ()) = tokio::join!(work, others);
        let there = tempfile::tempdir().unwrap();
        signal("-STOP");
        for name in ["isp.db", "isp.db-wal"] {
            fs::copy(here.path().join(name), there.path().join(name)).unwrap();
        }
        signal("-CONT");
        let copy = Setup::sqlite(there.path());
        let (done, text) = copy.run(&["audit", "verify"]);
        assert!(done, "{text}");
        let restored = copy.start().await;
        let found = numbers(&restored.owner().await).await;
        assert!(found.starts_with(&acknowledged), "round {round}: {found:?} {acknowledged:?}");
    }
}
