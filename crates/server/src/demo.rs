//! Demo data, and who can sign in with it.

use db::Db;

use crate::config::Config;

/// Who can sign in to the demo.
pub(crate) struct Logins;

/// Fills a new database; an old one is left alone.
///
/// # Errors
/// In production; the database can not be written.
pub(crate) async fn fill(_db: &Db, config: &Config) -> Result<Option<Logins>, String> {
    if config.production {
        return Err("--demo is refused when APP_ENV=production".into());
    }
    Ok(None)
}

/// Tells where the server is, and who can sign in.
pub(crate) fn announce(config: &Config, _logins: Option<&Logins>) {
    println!("  {}", config.http.public_url);
}
