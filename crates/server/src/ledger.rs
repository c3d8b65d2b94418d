//! `isp-server ledger verify`

use std::process::ExitCode;

use services::inventory::ledger;

use crate::bootstrap;
use crate::config::Config;

/// Checks the ledger and prints what is wrong; the exit code tells a script.
///
/// # Errors
/// The database can not be read.
pub(crate) async fn verify(config: &Config) -> Result<ExitCode, String> {
    let db = bootstrap::database(config).map_err(|error| format!("DATABASE_URL: {error}"))?;
    let report = db.read(ledger::check).await.map_err(|error| error.to_string())?;
    println!("{report:#?}");
    Ok(if report.is_sound() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
