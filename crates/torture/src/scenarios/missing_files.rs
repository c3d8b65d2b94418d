//! Trials with files and folders that disappear or are damaged.

use std::fs;
use std::time::Instant;

use shared::ErrorCode;

use crate::client::RequestFailure;
use crate::server::ServerSetup;
use crate::{Result, Trial};

fn error_text(error: std::io::Error) -> String {
    error.to_string()
}

pub async fn files(trial: &mut Trial) {
    for what in ["deleted", "replaced", "without its log"] {
        let begun = Instant::now();
        let seen = lose_file(trial, what).await;
        trial.report.add(&format!("SQLite file {what} while the server runs"), begun, seen);
    }
    let begun = Instant::now();
    let seen = start_with_damaged_file(trial).await;
    trial.report.add("start on a missing, shortened or overwritten file", begun, seen);
}

async fn lose_file(trial: &Trial, what: &str) -> Result<String> {
    let folder = tempfile::tempdir().map_err(error_text)?;
    let setup = ServerSetup::sqlite(&trial.server_bin, folder.path());
    let server = setup.start().await?;
    let client = server.owner().await?;
    client.add_customer("Siti", 1).await.map_err(|failure| format!("{failure:?}"))?;
    let path = folder.path().join("isp.db");
    match what {
        "deleted" => fs::remove_file(&path).map_err(error_text)?,
        "replaced" => {
            let other = folder.path().join("other");
            fs::copy(&path, &other).and_then(|_| fs::rename(&other, &path)).map_err(error_text)?;
        }
        _ => fs::remove_file(folder.path().join("isp.db-wal")).map_err(error_text)?,
    }
    match client.add_customer("Budi", 2).await {
        Err(RequestFailure::Refused(_, Some(ErrorCode::StorageUnavailable))) => {}
        other => return Err(format!("{other:?}")),
    }
    server.wait_for_ready_status(503).await?;
    Ok("503 storage_unavailable from the first change on".into())
}

async fn start_with_damaged_file(trial: &Trial) -> Result<String> {
    let folder = tempfile::tempdir().map_err(error_text)?;
    let setup = ServerSetup::sqlite(&trial.server_bin, folder.path());
    let server = setup.start().await?;
    let client = server.owner().await?;
    for number in 0..50 {
        client.add_customer("Siti", number).await.map_err(|failure| format!("{failure:?}"))?;
    }
    server.stop()?;
    let path = folder.path().join("isp.db");
    let whole = fs::read(&path).map_err(error_text)?;
    let mut tried = 0;
    for part in 1..16 {
        let mut overwritten = whole.clone();
        let place = whole.len() / 16 * part;
        let end = (place + 32 * 1024).min(whole.len());
        overwritten[place..end].fill(0xA5);
        for bytes in [&whole[..place], &overwritten] {
            fs::write(&path, bytes).map_err(error_text)?;
            if let Ok(server) = setup.start().await {
                drop(server);
                return Err(format!("started on a file damaged at {place} of {}", whole.len()));
            }
            tried += 1;
        }
    }
    fs::remove_file(&path).map_err(error_text)?;
    if setup.start().await.is_ok() {
        return Err("began anew without the file that was here before".into());
    }
    fs::write(&path, whole).map_err(error_text)?;
    setup.start().await?;
    Ok(format!("{} starts refused, the whole file accepted", tried + 1))
}

pub async fn photo_folder(trial: &mut Trial) {
    let begun = Instant::now();
    let seen = unmounted(trial).await;
    trial.report.add("folder of photos unmounted while the server runs", begun, seen);
}

async fn unmounted(trial: &Trial) -> Result<String> {
    let folder = tempfile::tempdir().map_err(error_text)?;
    let setup = ServerSetup::sqlite(&trial.server_bin, folder.path());
    let server = setup.start().await?;
    let (uploads, away) = (folder.path().join("uploads"), folder.path().join("away"));
    fs::rename(&uploads, &away).and_then(|()| fs::create_dir(&uploads)).map_err(error_text)?;
    server.wait_for_ready_status(503).await?;
    let left = fs::read_dir(&uploads).map_err(error_text)?.count();
    if left > 0 {
        return Err(format!("{left} files were made in the empty folder"));
    }
    fs::remove_dir(&uploads).and_then(|()| fs::rename(&away, &uploads)).map_err(error_text)?;
    server.wait_for_ready_status(204).await?;
    Ok("not ready, nothing made anew, ready again when it is back".into())
}
