//! Trials with SIGKILL of the server, crashes of PostgreSQL and snapshots under load.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use postgres_cluster::{Cluster, Durability};
use rand::Rng;
use shared::customer::Customer;

use crate::client::Client;
use crate::load::{self, Progress, StockLocation};
use crate::server::{Server, ServerSetup};
use crate::{Result, Trial};

/// Duration of the load before a kill, in milliseconds.
const WORK_MILLIS: std::ops::Range<u64> = 20..400;
/// Rounds between two checks of ledger and audit.
const VERIFY_EVERY: usize = 10;

/// Kills the server on SQLite: six of ten kills.
pub async fn sqlite(trial: &mut Trial) {
    let begun = Instant::now();
    let rounds = trial.kills * 6 / 10;
    let seen = kill_on_sqlite(trial, rounds).await;
    trial.report.add("SIGKILL of the server on SQLite under load", begun, seen);
}

async fn kill_on_sqlite(trial: &mut Trial, rounds: usize) -> Result<String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let setup = ServerSetup::sqlite(&trial.server_bin, folder.path());
    let mut town = KillTrial::begin(&setup).await?;
    for round in 1..=rounds {
        let server = town.work_until_kill(trial, &setup).await?;
        server.kill()?;
        town.verify(&setup, round).await?;
    }
    Ok(town.summary(rounds))
}

/// Kills the server on PostgreSQL (three of ten kills) and PostgreSQL itself (one of ten).
pub async fn postgres(trial: &mut Trial) {
    let begun = Instant::now();
    let (servers, clusters) = (trial.kills * 3 / 10, trial.kills / 10);
    let seen = kill_on_postgres(trial, servers, clusters).await;
    let (of_servers, of_clusters) = match seen {
        Ok((first, second)) => (Ok(first), Ok(second)),
        Err(error) => (Err(error.clone()), Err(error)),
    };
    trial.report.add("SIGKILL of the server on PostgreSQL under load", begun, of_servers);
    trial.report.add("crash of PostgreSQL under load", begun, of_clusters);
}

async fn kill_on_postgres(
    trial: &mut Trial,
    servers: usize,
    clusters: usize,
) -> Result<(String, String)> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let io = |error: std::io::Error| error.to_string();
    let mut cluster = Cluster::start(&folder.path().join("pg"), Durability::Full).map_err(io)?;
    cluster.create_database("isp").map_err(io)?;
    let mut setup = ServerSetup::sqlite(&trial.server_bin, folder.path());
    setup.database_url = cluster.url("isp");
    let mut town = KillTrial::begin(&setup).await?;
    for round in 1..=servers {
        let server = town.work_until_kill(trial, &setup).await?;
        server.kill()?;
        town.verify(&setup, round).await?;
    }
    let of_servers = town.summary(servers);
    for round in 1..=clusters {
        let server = town.work_until_crash(trial, &setup, &mut cluster).await?;
        server.wait_for_ready_status(204).await?;
        server.kill()?;
        town.verify(&setup, round).await?;
    }
    Ok((of_servers, town.summary(clusters)))
}

/// The state of a kill trial over all rounds.
struct KillTrial {
    client: Client,
    stock: StockLocation,
    verified: usize,
    received: i64,
    unconfirmed: i64,
    last: load::Acknowledged,
}

impl KillTrial {
    async fn begin(setup: &ServerSetup) -> Result<Self> {
        let server = setup.start().await?;
        let client = server.owner().await?;
        let stock = load::create_stock(&client).await?;
        server.stop()?;
        let last = load::Acknowledged::default();
        Ok(Self { client, stock, verified: 0, received: 0, unconfirmed: 0, last })
    }

    async fn work_until_kill(&mut self, trial: &mut Trial, setup: &ServerSetup) -> Result<Server> {
        let server = setup.start().await?;
        self.work(trial, &server, async |_| Ok(())).await?;
        Ok(server)
    }

    /// Crashes and restarts PostgreSQL under load; the server keeps running.
    async fn work_until_crash(
        &mut self,
        trial: &mut Trial,
        setup: &ServerSetup,
        cluster: &mut Cluster,
    ) -> Result<Server> {
        let server = setup.start().await?;
        let crash = async |_: &Progress| {
            cluster.crash().and_then(|()| cluster.restart()).map_err(|error| error.to_string())
        };
        self.work(trial, &server, crash).await?;
        Ok(server)
    }

    /// Runs the load for a while, then `happen`; the load goes on until that is done.
    async fn work(
        &mut self,
        trial: &mut Trial,
        server: &Server,
        happen: impl AsyncFnOnce(&Progress) -> Result,
    ) -> Result {
        let client = self.client.with_base(&server.base);
        let over = Arc::new(AtomicBool::new(false));
        let progress = Arc::new(Progress::default());
        let (seed, pause) = (trial.random.random(), trial.random.random_range(WORK_MILLIS));
        let working = load::work(&client, self.stock, seed, &over, &progress);
        let happening = async {
            let enough = Instant::now() + Duration::from_secs(10);
            while !progress.has_begun() && Instant::now() < enough {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            tokio::time::sleep(Duration::from_millis(pause)).await;
            let happened = happen(&progress).await;
            if happened.is_ok() {
                // Freezes the server in the middle of its work, so that the load ends before the kill.
                let _ = server.signal("-STOP");
            }
            over.store(true, Ordering::SeqCst);
            let _ = server.signal("-CONT");
            happened
        };
        let (done, happened) = tokio::join!(working, happening);
        happened?;
        self.received += done.received;
        self.unconfirmed += done.unconfirmed_received;
        self.last = done;
        Ok(())
    }

    async fn verify(&mut self, setup: &ServerSetup, round: usize) -> Result {
        let named = |error: String| format!("round {round}: {error}");
        let server = setup.start().await.map_err(named)?;
        let client = self.client.with_base(&server.base);
        let sums = (self.received, self.unconfirmed);
        load::verify(&client, self.stock, &self.last, sums).await.map_err(named)?;
        self.verified += self.last.count();
        if round.is_multiple_of(VERIFY_EVERY) {
            setup.run(&["ledger", "verify"]).map_err(named)?;
            setup.run(&["audit", "verify"]).map_err(named)?;
        }
        server.kill()
    }

    fn summary(&self, rounds: usize) -> String {
        format!(
            "{rounds} kills, {} acknowledged changes, 0 lost; ledger and audit sound",
            self.verified
        )
    }
}

/// Copies the files at a random instant under load, as a power cut or a volume snapshot leaves them.
pub async fn snapshots(trial: &mut Trial) {
    let begun = Instant::now();
    let rounds = trial.snapshots;
    let seen = take_snapshots(trial, rounds).await;
    trial.report.add("snapshot of the SQLite files at a random instant under load", begun, seen);
}

async fn take_snapshots(trial: &mut Trial, rounds: usize) -> Result<String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let setup = ServerSetup::sqlite(&trial.server_bin, folder.path());
    let mut town = KillTrial::begin(&setup).await?;
    let server = setup.start().await?;
    let mut proven = 0;
    for round in 1..=rounds {
        let there = tempfile::tempdir().map_err(|error| error.to_string())?;
        let mut acknowledged = Vec::new();
        let copy = async |progress: &Progress| {
            // Before the copy: what is acknowledged later need not be in it.
            acknowledged = progress.customers();
            copy_stopped(&server, folder.path(), there.path())
        };
        town.work(trial, &server, copy).await?;
        let copy = ServerSetup::sqlite(&trial.server_bin, there.path());
        let named = |error: String| format!("snapshot {round}: {error}");
        copy.run(&["ledger", "verify"]).map_err(named)?;
        copy.run(&["audit", "verify"]).map_err(named)?;
        let restored = copy.start().await.map_err(named)?;
        let client = town.client.with_base(&restored.base);
        for id in &acknowledged {
            let found: std::result::Result<Customer, _> =
                client.get(&format!("/customers/{id}")).await;
            found.map_err(|failure| named(format!("customer {id}: {failure:?}")))?;
        }
        proven += acknowledged.len();
        restored.stop()?;
    }
    Ok(format!(
        "{rounds} snapshots, {proven} customers acknowledged before them, 0 lost; ledger and audit sound"
    ))
}

/// Copies database, write-ahead log and upload marker while the server is stopped by a signal.
fn copy_stopped(server: &Server, from: &Path, to: &Path) -> Result {
    server.signal("-STOP")?;
    let copied = copy_files(from, to);
    server.signal("-CONT")?;
    copied
}

fn copy_files(from: &Path, to: &Path) -> Result {
    let failed = |error: std::io::Error| error.to_string();
    for name in ["isp.db", "isp.db-wal"] {
        fs::copy(from.join(name), to.join(name)).map_err(failed)?;
    }
    fs::create_dir(to.join("uploads")).map_err(failed)?;
    let mark = "uploads/.isp-uploads";
    fs::copy(from.join(mark), to.join(mark)).map_err(failed).map(drop)
}
