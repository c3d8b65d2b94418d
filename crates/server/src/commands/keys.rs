//! `isp-server keys rotate`

use std::process::ExitCode;

use db::Db;
use services::encryption_at_rest;

use crate::bootstrap;
use crate::config::Config;

/// Seals everything with the current key and prints how much there was; the exit code tells a
/// script whether the former keys can go.
///
/// # Errors
/// The database or the upload folder can not be read or written.
pub(crate) async fn rotate(db: &Db, config: &Config) -> Result<ExitCode, String> {
    let store = bootstrap::open_photo_store(db, config).await.map_err(|error| error.to_string())?;
    bootstrap::encrypt_plaintext(db, config).await.map_err(|error| error.to_string())?;
    let done = encryption_at_rest::rotate_keys(db, &config.encryption, &store).await;
    let done = done.map_err(|error| error.to_string())?;
    println!("{} sealed anew, {} were already", done.resealed, done.current);
    if done.unreadable > 0 {
        println!(
            "{} can not be opened: a key is missing in DATA_KEY_PREVIOUS (the log names them)",
            done.unreadable
        );
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}
