//! Trials with a full or read-only disk, for SQLite and PostgreSQL.

use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use postgres_cluster::{Cluster, Durability};
use shared::ErrorCode;
use shared::customer::Customer;

use super::SmallDisk;
use crate::client::{Client, RequestFailure};
use crate::server::{Server, ServerSetup};
use crate::{Result, Trial};

/// Fills the disk.
fn fill_disk(folder: &Path) -> Result {
    let path = folder.join("filling");
    let mut file = std::fs::File::create(path).map_err(|error| error.to_string())?;
    for size in [1024 * 1024, 4 * 1024, 512] {
        while file.write_all(&vec![1; size]).is_ok() {}
    }
    Ok(())
}

/// Adds customers until a request is rejected with this code; returns how many were accepted.
async fn write_until_refused(client: &Client, wanted: ErrorCode) -> Result<u32> {
    let begun = Instant::now();
    let mut accepted = 0;
    loop {
        match client.add_customer("Budi", accepted.into()).await {
            Ok(_) => accepted += 1,
            Err(RequestFailure::Refused(_, Some(code))) if code == wanted => return Ok(accepted),
            Err(failure) => return Err(format!("{failure:?} instead of {wanted}")),
        }
        if begun.elapsed() > Duration::from_secs(60) {
            return Err(format!("never {wanted}; {accepted} were accepted"));
        }
    }
}

/// Checks that reading and signing in work while changes are rejected.
async fn check_read_and_sign_in(server: &Server, client: &Client, kept: &Customer) -> Result {
    let found: std::result::Result<Customer, _> =
        client.get(&format!("/customers/{}", kept.id)).await;
    found.map_err(|failure| format!("reading: {failure:?}"))?;
    server.owner().await.map(drop)
}

async fn add_one_customer(client: &Client) -> Result<Customer> {
    client.add_customer("Siti", 1).await.map_err(|failure| format!("the first change: {failure:?}"))
}

pub async fn full(trial: &mut Trial) {
    let begun = Instant::now();
    let seen = full_sqlite(trial).await;
    trial.report.add("full disk below SQLite", begun, seen);
}

async fn full_sqlite(trial: &Trial) -> Result<String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let disk = SmallDisk::mount(folder.path(), 60)?;
    let setup = ServerSetup::sqlite(&trial.server_bin, folder.path());
    let server = setup.start().await?;
    let client = server.owner().await?;
    let kept = add_one_customer(&client).await?;
    fill_disk(folder.path())?;
    let accepted = write_until_refused(&client, ErrorCode::StorageFull).await?;
    server.wait_for_ready_status(507).await?;
    check_read_and_sign_in(&server, &client, &kept).await?;
    std::fs::remove_file(folder.path().join("filling")).map_err(|error| error.to_string())?;
    server.wait_for_ready_status(204).await?;
    add_one_customer(&client).await?;
    server.stop()?;
    setup.run(&["audit", "verify"])?;
    drop(disk);
    Ok(format!("{accepted} more accepted, then 507; reading and signing in went on; ready again"))
}

pub async fn read_only(trial: &mut Trial) {
    let begun = Instant::now();
    let seen = read_only_postgres(trial).await;
    trial.report.add("PostgreSQL turned read-only", begun, seen);
}

async fn read_only_postgres(trial: &Trial) -> Result<String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let io = |error: std::io::Error| error.to_string();
    let cluster = Cluster::start(&folder.path().join("pg"), Durability::Full).map_err(io)?;
    cluster.create_database("isp").map_err(io)?;
    let mut setup = ServerSetup::sqlite(&trial.server_bin, folder.path());
    setup.database_url = cluster.url("isp");
    let server = setup.start().await?;
    let client = server.owner().await?;
    let kept = add_one_customer(&client).await?;
    let set = |value: &str| {
        let sql = format!("ALTER DATABASE isp SET default_transaction_read_only = {value}");
        cluster.sql("postgres", &sql).map_err(io)?;
        let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'isp'";
        cluster.sql("postgres", end).map_err(io)
    };
    set("on")?;
    server.wait_for_ready_status(503).await?;
    write_until_refused(&client, ErrorCode::StorageUnavailable).await?;
    let found: std::result::Result<Customer, _> =
        client.get(&format!("/customers/{}", kept.id)).await;
    found.map_err(|failure| format!("reading: {failure:?}"))?;
    set("off")?;
    server.wait_for_ready_status(204).await?;
    add_one_customer(&client).await?;
    Ok("503 storage_unavailable, reading went on, ready again".into())
}

pub async fn full_postgres(trial: &mut Trial) {
    let begun = Instant::now();
    let seen = full_below_postgres(trial).await;
    trial.report.add("full disk below PostgreSQL", begun, seen);
}

async fn full_below_postgres(trial: &Trial) -> Result<String> {
    let (folder, disk) = (tempfile::tempdir(), tempfile::tempdir());
    let (folder, disk) = (folder.map_err(|e| e.to_string())?, disk.map_err(|e| e.to_string())?);
    let mounted = SmallDisk::mount(disk.path(), 160)?;
    let io = |error: std::io::Error| error.to_string();
    let cluster = Cluster::start(disk.path(), Durability::Full).map_err(io)?;
    cluster.create_database("isp").map_err(io)?;
    let mut setup = ServerSetup::sqlite(&trial.server_bin, folder.path());
    setup.database_url = cluster.url("isp");
    let server = setup.start().await?;
    let client = server.owner().await?;
    let kept = add_one_customer(&client).await?;
    fill_disk(disk.path())?;
    let accepted = write_until_refused(&client, ErrorCode::StorageFull).await?;
    server.wait_for_ready_status(507).await?;
    let found: std::result::Result<Customer, _> =
        client.get(&format!("/customers/{}", kept.id)).await;
    found.map_err(|failure| format!("reading: {failure:?}"))?;
    // A sign-in may still fit into existing pages.
    let signed_in = server.owner().await.is_ok();
    std::fs::remove_file(disk.path().join("filling")).map_err(|error| error.to_string())?;
    server.wait_for_ready_status(204).await?;
    add_one_customer(&client).await?;
    drop((server, cluster));
    drop(mounted);
    let sign_in = if signed_in { "signing in too" } else { "signing in did not" };
    Ok(format!("{accepted} more accepted, then 507; reading went on, {sign_in}; ready again"))
}
