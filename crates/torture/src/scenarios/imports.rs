//! Trials with large imports: latency of concurrent writers, memory of the largest workbook.

use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use postgres_cluster::{Cluster, Durability};
use rust_xlsxwriter::Workbook;
use shared::import::ImportReport;

use crate::client::Client;
use crate::server::{Server, ServerSetup};
use crate::{Result, Trial};

/// Rows of the file that is imported beside other writers.
const ROWS: usize = 50_000;
/// Limit for the 99th percentile of the others' latency.
const MAX_P99_WAIT: Duration = Duration::from_millis(200);
/// Number of concurrent writers.
const CONCURRENT_WRITERS: u64 = 4;
/// Rows of the largest workbook that is accepted.
const WORKBOOK_ROWS: u32 = 200_000;
/// Limits for the largest workbook: memory above that of an idle server, and time.
const MAX_MEMORY_BYTES: u64 = 200 * 1024 * 1024;
const MAX_TIME: Duration = Duration::from_secs(10);

const HEADINGS: [&str; 5] = ["Nama", "No HP", "Alamat", "ODP", "Catatan"];

fn row(number: usize) -> [String; 5] {
    [
        format!("Pelanggan Nomor {number}"),
        format!("0813{:08}", number),
        format!("Jl. Melati No. {number}, RT 03/RW 05, Ngaglik, Sleman"),
        format!("ODP-SLM-{:03}/{:02}", number % 400, number % 16),
        format!("pindahan, blok {}", number % 90),
    ]
}

fn csv() -> Vec<u8> {
    let mut text = HEADINGS.join(";");
    for number in 0..ROWS {
        let _ = write!(text, "\n{}", row(number).join(";"));
    }
    text.into_bytes()
}

fn workbook() -> Result<Vec<u8>> {
    let failed = |error: rust_xlsxwriter::XlsxError| error.to_string();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_row(0, 0, HEADINGS).map_err(failed)?;
    for number in 1..WORKBOOK_ROWS {
        sheet.write_row(number, 0, row(number as usize)).map_err(failed)?;
    }
    book.save_to_buffer().map_err(failed)
}

pub async fn import_beside_writers(trial: &mut Trial) {
    let csv = csv();
    let begun = Instant::now();
    let seen = on_sqlite(trial, csv.clone()).await;
    trial.report.add("import of 50,000 rows on SQLite while others write", begun, seen);
    let begun = Instant::now();
    let seen = on_postgres(trial, csv).await;
    trial.report.add("import of 50,000 rows on PostgreSQL while others write", begun, seen);
}

async fn on_sqlite(trial: &Trial, csv: Vec<u8>) -> Result<String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let server = ServerSetup::sqlite(&trial.server_bin, folder.path()).start().await?;
    import_while_others_write(&server, csv).await
}

async fn on_postgres(trial: &Trial, csv: Vec<u8>) -> Result<String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let io = |error: std::io::Error| error.to_string();
    let cluster = Cluster::start(&folder.path().join("pg"), Durability::Full).map_err(io)?;
    cluster.create_database("isp").map_err(io)?;
    let mut setup = ServerSetup::sqlite(&trial.server_bin, folder.path());
    setup.database_url = cluster.url("isp");
    let server = setup.start().await?;
    import_while_others_write(&server, csv).await
}

async fn import_while_others_write(server: &Server, csv: Vec<u8>) -> Result<String> {
    let client = server.owner().await?;
    let over = Arc::new(AtomicBool::new(false));
    let mut others = tokio::task::JoinSet::new();
    for number in 0..CONCURRENT_WRITERS {
        let (client, over) = (client.clone(), Arc::clone(&over));
        others.spawn(async move { write_until(&client, number, &over).await });
    }
    let begun = Instant::now();
    let report = client.import("customers", "pelanggan.csv", csv, false).await;
    let took = begun.elapsed();
    over.store(true, Ordering::SeqCst);
    let mut waits = Vec::new();
    while let Some(done) = others.join_next().await {
        waits.extend(done.map_err(|error| error.to_string())??);
    }
    let report = report.map_err(|failure| format!("{failure:?}"))?;
    if report.created != ROWS as i64 {
        return Err(format!("{} of {ROWS} rows were made", report.created));
    }
    waits.sort_unstable();
    let at = |share: f64| waits.get((waits.len() as f64 * share) as usize).copied();
    let (median, p99) = at(0.5).zip(at(0.99)).ok_or("nobody else wrote")?;
    let text = format!(
        "{:.1} s; {} changes of others waited {} ms (median), {} ms (p99), {} ms (longest)",
        took.as_secs_f64(),
        waits.len(),
        median.as_millis(),
        p99.as_millis(),
        waits.last().map_or(0, Duration::as_millis),
    );
    if p99 <= MAX_P99_WAIT { Ok(text) } else { Err(text) }
}

async fn write_until(client: &Client, number: u64, over: &AtomicBool) -> Result<Vec<Duration>> {
    let mut waits = Vec::new();
    while !over.load(Ordering::SeqCst) {
        let begun = Instant::now();
        let phone = number * 10_000_000 + waits.len() as u64;
        client.add_customer("Siti", phone).await.map_err(|failure| format!("{failure:?}"))?;
        waits.push(begun.elapsed());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    Ok(waits)
}

pub async fn largest_workbook(trial: &mut Trial) {
    let begun = Instant::now();
    let seen = read_largest(trial).await;
    trial.report.add("workbook of 200,000 rows", begun, seen);
}

async fn read_largest(trial: &Trial) -> Result<String> {
    let file = workbook()?;
    let size = file.len() as u64 / 1024 / 1024;
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let mut setup = ServerSetup::sqlite(&trial.server_bin, folder.path());
    setup.variables = vec![("MAX_FILE_SIZE_MB".into(), "50".into())];
    let server = setup.start().await?;
    let client = server.owner().await?;
    let idle = server.memory("VmRSS:")?;
    let begun = Instant::now();
    let report: ImportReport = client
        .import("customers", "pelanggan.xlsx", file, true)
        .await
        .map_err(|failure| format!("{failure:?}"))?;
    let took = begun.elapsed();
    let above = server.memory("VmHWM:")?.saturating_sub(idle);
    let text = format!(
        "{size} MB, {} rows read and compared in {:.1} s, {} MB above idle",
        report.rows,
        took.as_secs_f64(),
        above / 1024 / 1024
    );
    if above <= MAX_MEMORY_BYTES && took <= MAX_TIME { Ok(text) } else { Err(text) }
}
