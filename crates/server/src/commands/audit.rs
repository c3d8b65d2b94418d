//! Command `isp-server audit verify`.

use std::process::ExitCode;

use db::Db;
use services::audit;

use crate::config::Config;

/// Verifies the audit chain and prints the first broken entry. The exit code is for scripts.
///
/// # Errors
/// The database can not be read.
pub(crate) async fn verify(db: &Db, config: &Config) -> Result<ExitCode, String> {
    let cipher = config.encryption.clone();
    let verified = db.read(move |conn| audit::verify(conn, &cipher)).await;
    let verified = verified.map_err(|error| error.to_string())?;
    match verified.fault {
        None => {
            println!("{} entries, intact", verified.intact);
            Ok(ExitCode::SUCCESS)
        }
        Some(fault) => {
            println!("{fault}; {} entries before that are intact", verified.intact);
            Ok(ExitCode::FAILURE)
        }
    }
}
