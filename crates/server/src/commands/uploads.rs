//! Command `isp-server uploads accept`.

use std::process::ExitCode;

use db::Db;
use services::photos;

use crate::config::Config;

/// Makes the configured folder the photo folder of this database.
///
/// # Errors
/// The folder or the database can not be written.
pub(crate) async fn accept(db: &Db, config: &Config) -> Result<ExitCode, String> {
    let folder = &config.uploads;
    photos::accept_folder(db, folder).await.map_err(|error| format!("UPLOADS_URL: {error}"))?;
    println!("{} is now the folder of photos of this database", folder.display());
    Ok(ExitCode::SUCCESS)
}
