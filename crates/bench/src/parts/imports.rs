//! Measurement of the import of a large file.

use std::fmt::Write;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use shared::import::ImportReport;

use crate::bench::Bench;
use crate::measure::memory;
use crate::plan::{Database, Part};
use crate::report::{Fact, Results};
use crate::{Result, http, requests};

/// Longest wait for the report.
const TIMEOUT: Duration = Duration::from_secs(600);

/// Imports customers into an empty database and measures the time until the report, and the largest
/// memory that the process ever had.
pub fn measure(bench: &mut Bench, database: Database, results: &mut Results) -> Result {
    let data = bench.empty_data_set(database)?;
    let running = bench.serve_data(data)?;
    let rows = bench.plan.durations.import_rows;
    let request = requests::upload("/api/customers/import", &running.token, &customers(rows));
    let begin = Instant::now();
    let stream = TcpStream::connect(running.server.address).map_err(|error| error.to_string())?;
    let answer = http::exchange_within(stream, request.as_bytes(), TIMEOUT)?;
    let took = begin.elapsed();
    let report: ImportReport = serde_json::from_slice(&answer.body)
        .map_err(|_| format!("the import was answered with {}", answer.text()))?;
    if report.created != i64::from(rows) {
        return Err(format!("only {} rows were imported", report.created));
    }
    let fact = |what: &str, value, unit| Fact {
        part: Part::Import,
        database: Some(database),
        what: format!("{what} of {rows} customers"),
        jobs: None,
        value,
        unit,
    };
    let peak = memory::read_peak(running.server.process.id());
    results.facts.push(fact("import", Some(took.as_secs_f64()), "s"));
    results.facts.push(fact("memory at most during the import", peak, "MB"));
    Ok(())
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
