//! Demo data and the welcome text on the console.

use db::Db;
use services::demo::{self, ACCOUNTS, PASSWORD};
use services::photos::PhotoStore;

use crate::config::Config;

/// Fills a new database with demo data. One that has user accounts already is not changed.
///
/// # Errors
/// It is production; the database or the photo folder can not be written.
pub(crate) async fn fill(db: &Db, photos: &PhotoStore, config: &Config) -> Result<(), String> {
    if config.production {
        return Err("--demo is refused when APP_ENV=production".into());
    }
    demo::seed(db, photos, &config.encryption).await.map(|_| ()).map_err(|error| error.to_string())
}

/// Prints the URL, with demo data the user accounts, and on the first start the code of the initial
/// setup. They go to the console only, because others may read the log.
pub(crate) async fn print_welcome(db: &Db, config: &Config, setup_code: Option<&str>) {
    println!("\n  ISP Management System  {}", config.http.public_url);
    if let Some(code) = setup_code {
        println!(
            "\n  Nobody can sign in yet. Open the address above and make the first login with"
        );
        println!("  this code. It is good once, until the server starts again:\n\n    {code}");
    }
    if db.read(demo::is_demo).await.unwrap_or(false) {
        println!("\n  Demo; everyone's password is {PASSWORD}");
        for login in ACCOUNTS {
            println!("    {:<12} {}", login.role.as_str(), login.username);
        }
    }
    println!();
}
