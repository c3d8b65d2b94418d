//! Command `isp-server ledger verify`.

use std::process::ExitCode;

use db::Db;
use services::inventory::ledger;

/// Verifies the ledger and prints the report. The exit code is for scripts.
///
/// # Errors
/// The database can not be read.
pub(crate) async fn verify(db: &Db) -> Result<ExitCode, String> {
    let report = db.read(ledger::check).await.map_err(|error| error.to_string())?;
    println!("{report:#?}");
    Ok(if report.is_sound() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
