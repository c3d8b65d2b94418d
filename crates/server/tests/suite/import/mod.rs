//! Import of spreadsheets.

mod batches;
mod command_line;
mod customers;
mod formats;
mod items;
mod mapping;
mod messy_sheets;
mod sample_files;
mod undo;

use reqwest::Response;
use shared::import::ImportReport;
use shared::plan::{Plan, PlanInput};
use shared::{Problem, Rupiah};

use crate::harness::Client;
use crate::harness::client::{expect_problem, expect_success};

/// Creates the plans named in the files.
async fn plans(admin: &Client) {
    for code in ["HOME-10", "HOME-20", "HOME-50", "BIZ-100"] {
        let (name, price) = (code.to_owned(), Rupiah(200_000));
        let plan = PlanInput { code: code.into(), name, speed_mbps: 20, price };
        let _: Plan = admin.post("/plans", &plan).await;
    }
}

async fn send(client: &Client, what: &str, file: impl Into<Vec<u8>>, dry_run: bool) -> Response {
    client.upload(&format!("/{what}/import?dry_run={dry_run}"), "data.csv", file.into(), &[]).await
}

async fn import(client: &Client, what: &str, file: impl Into<Vec<u8>>) -> ImportReport {
    expect_success(send(client, what, file, false).await).await
}

async fn import_refused(client: &Client, what: &str, file: impl Into<Vec<u8>>) -> Problem {
    expect_problem(send(client, what, file, false).await).await
}

/// Returns the counts: rows, created, updated, unchanged, rejected.
fn tally(report: &ImportReport) -> [i64; 5] {
    [report.rows, report.created, report.updated, report.unchanged, report.rejected]
}
