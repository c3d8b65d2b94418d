//! Measurement of the import of a large file.

use std::fmt::Write;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use shared::import::ImportReport;

use crate::driver::progress::log_progress;
use crate::measure::memory;
use crate::plan::BenchPlan;
use crate::report::ImportResult;
use crate::server_under_test::{self, ServerUnderTest};
use crate::{Result, http, requests};

/// Longest wait for the report.
const TIMEOUT: Duration = Duration::from_secs(600);

/// Imports customers into an empty database and measures the time until the report, and the largest memory that
/// the process ever had.
///
/// # Errors
/// The server does not start, or does not import every row.
pub fn measure(server_under_test: &ServerUnderTest, plan: &BenchPlan) -> Result<ImportResult> {
    log_progress(&format!("importing {} customers", plan.import_rows));
    let server = server_under_test.start(&server_under_test.folder.join("import.db"))?;
    let token = server_under_test::sign_in(server.address)?;
    let request = requests::upload("/api/customers/import", &token, &customers(plan.import_rows));
    let begin = Instant::now();
    let stream = TcpStream::connect(server.address).map_err(|error| error.to_string())?;
    let answer = http::exchange_within(stream, &request, TIMEOUT)?;
    let took = begin.elapsed();
    let report: ImportReport = serde_json::from_slice(&answer.body)
        .map_err(|_| format!("the import was answered with {}", answer.text()))?;
    if report.created != i64::from(plan.import_rows) {
        return Err(format!("only {} rows were imported", report.created));
    }
    let peak = memory::read_peak(server.process.id());
    Ok(ImportResult { rows: plan.import_rows, took, peak })
}

/// A list as providers have it: number, name, telephone number, address, coordinates, identity number.
fn customers(rows: u32) -> String {
    let mut text = String::from("No Pelanggan;Nama;No HP;Alamat;Lintang;Bujur;NIK\n");
    for row in 0..rows {
        let phone = 812_000_000_000_u64 + u64::from(row) * 7;
        let (south, east) = (700_000 + row % 90_000, 300_000 + row % 70_000);
        let _ = writeln!(
            text,
            "P{row:06};Pelanggan {row};0{phone};Jl. Melati {row};-7,{south};110,{east};3404{row:012}"
        );
    }
    text
}
