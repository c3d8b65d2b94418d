//! Command `isp-server keys rotate`.

use std::process::ExitCode;

use db::Db;
use services::key_rotation;

use crate::bootstrap;
use crate::config::Config;

/// Encrypts everything with the current key and prints the counts. The exit code tells scripts
/// whether the previous keys can be removed.
///
/// # Errors
/// The database or the photo folder can not be read or written.
pub(crate) async fn rotate(db: &Db, config: &Config) -> Result<ExitCode, String> {
    let store = bootstrap::open_photo_store(db, config).await.map_err(|error| error.to_string())?;
    bootstrap::encrypt_plaintext(db, config).await.map_err(|error| error.to_string())?;
    let done = key_rotation::rotate_keys(db, &config.encryption, &store).await;
    let done = done.map_err(|error| error.to_string())?;
    println!("{} encrypted again, {} were already", done.reencrypted, done.current);
    if done.unreadable > 0 {
        println!(
            "{} can not be opened: a key is missing in DATA_KEY_PREVIOUS (the log names them)",
            done.unreadable
        );
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}
