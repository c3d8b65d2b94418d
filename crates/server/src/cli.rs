//! The command line.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use db::{Db, Purpose};
use notify::telegram::ChannelLimits;
use services::{Error, auth::passwords};
use shared::Lang;

use crate::bootstrap::{self, StartupError};
use crate::config::{Config, Environment};
use crate::serve::{self, ServeOptions};
use crate::spa::SpaSource;
use crate::{
    commands::admin, commands::audit, commands::backup, commands::demo, commands::import,
    commands::keys, commands::ledger, commands::uploads, logging, shutdown, telegram_runtime,
};

/// The ISP Management System.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs the server (also without any command).
    Serve {
        /// Fills a new database with demo data; never in production.
        #[arg(long)]
        demo: bool,
    },
    /// Imports customers or items from a CSV or XLSX file.
    Import {
        what: import::Importable,
        file: PathBuf,
        /// Only says what would be done.
        #[arg(long)]
        dry_run: bool,
    },
    /// Makes a superadmin, or lets one in again with --reset. The server may be running.
    ///
    /// The password comes from standard input or is asked for. Without one it is made up, printed,
    /// and has to be changed at the first sign-in.
    CreateAdmin {
        #[arg(long)]
        username: String,
        /// Full name; the user name when absent.
        #[arg(long)]
        name: Option<String>,
        /// Gives an existing superadmin a new password and switches the login on again.
        #[arg(long)]
        reset: bool,
    },
    /// Proves that the ledger of the warehouse is sound.
    Ledger {
        #[command(subcommand)]
        command: LedgerCommand,
    },
    /// Proves that the audit is as it was written.
    Audit {
        #[command(subcommand)]
        command: AuditCommand,
    },
    /// The keys of what is sealed at rest.
    Keys {
        #[command(subcommand)]
        command: KeysCommand,
    },
    /// The folder of the photos.
    Uploads {
        #[command(subcommand)]
        command: UploadsCommand,
    },
    /// Copies the database and the photos into a new folder below FOLDER and checks the copy.
    ///
    /// The server may be running. DATA_KEY is not copied; without it encrypted data can't be read.
    Backup { folder: PathBuf },
    /// Restores a backup where there is no database yet, and verifies it. Nothing is overwritten.
    Restore { folder: PathBuf },
}

#[derive(Debug, Subcommand)]
enum UploadsCommand {
    /// Accepts the folder at UPLOADS_URL as this database's photo folder, after it was moved or lost.
    Accept,
}

#[derive(Debug, Subcommand)]
enum LedgerCommand {
    /// Compares every balance with the movements behind it.
    Verify,
}

#[derive(Debug, Subcommand)]
enum AuditCommand {
    /// Walks the chain and names the first entry that is wrong.
    Verify,
}

#[derive(Debug, Subcommand)]
enum KeysCommand {
    /// Seals everything with DATA_KEY that one of DATA_KEY_PREVIOUS has sealed.
    Rotate,
}

/// Runs the command that the process was started with. A failure is one line.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let config = match Config::from_env(&Environment::from_process()) {
        Ok(config) => config,
        Err(error) => return fail(&error.to_string()),
    };
    if let Err(error) = logging::init(&config.log) {
        return fail(&format!("LOG_DIR: {error}"));
    }
    let command = arguments.command.unwrap_or(Command::Serve { demo: false });
    let outcome = actix_web::rt::System::new().block_on(async {
        match command {
            Command::Serve { demo } => serve(&config, demo).await,
            Command::Backup { folder } => backup::create(&config, &folder).await,
            Command::Restore { folder } => backup::restore(&config, &folder).await,
            Command::Import { what, file, dry_run } => {
                with_database(&config, async |db| {
                    import::run(db, &config, what, &file, dry_run).await
                })
                .await
            }
            Command::CreateAdmin { username, name, reset } => {
                let wish = admin::CreateAdminArgs { username, name, reset };
                with_database(&config, async |db| admin::run(db, &config, wish).await).await
            }
            Command::Ledger { command: LedgerCommand::Verify } => {
                with_database(&config, async |db| ledger::verify(db).await).await
            }
            Command::Audit { command: AuditCommand::Verify } => {
                with_database(&config, async |db| audit::verify(db, &config).await).await
            }
            Command::Keys { command: KeysCommand::Rotate } => {
                with_database(&config, async |db| keys::rotate(db, &config).await).await
            }
            Command::Uploads { command: UploadsCommand::Accept } => {
                with_database(&config, async |db| uploads::accept(db, &config).await).await
            }
        }
    });
    match outcome {
        Ok(code) => code,
        Err(error) => fail(&error),
    }
}

fn fail(line: &str) -> ExitCode {
    eprintln!("isp-server: {line}");
    ExitCode::FAILURE
}

/// Runs a command that does one thing with the database, and leaves the file whole.
async fn with_database(
    config: &Config,
    work: impl AsyncFnOnce(&Db) -> Result<ExitCode, String>,
) -> Result<ExitCode, String> {
    let db = bootstrap::open_database(config, Purpose::Command)
        .map_err(|error| format!("DATABASE_URL: {error}"))?;
    let outcome = work(&db).await;
    db.close().await;
    outcome
}

async fn serve(config: &Config, demo: bool) -> Result<ExitCode, String> {
    let words = |error: StartupError| error.to_string();
    let address = config.http.address;
    // Bound before anything else: a second start must not touch the data.
    let listener =
        TcpListener::bind(address).map_err(|error| format!("PORT: {address}: {error}"))?;
    let db =
        bootstrap::open_database(config, Purpose::Serve).map_err(|error| words(error.into()))?;
    let outcome = serve_with_database(&db, listener, config, demo).await;
    db.close().await;
    outcome
}

async fn serve_with_database(
    db: &Db,
    listener: TcpListener,
    config: &Config,
    demo: bool,
) -> Result<ExitCode, String> {
    let words = |error: StartupError| error.to_string();
    let address = config.http.address;
    bootstrap::encrypt_plaintext(db, config).await.map_err(words)?;
    let photos = bootstrap::open_photo_store(db, config).await.map_err(words)?;
    if demo {
        demo::fill(db, &photos, config).await?;
    }
    bootstrap::create_first_admin(db, config, passwords::BCRYPT_COST).await.map_err(words)?;
    let mut state =
        bootstrap::build_state(db.clone(), config, photos.clone(), passwords::BCRYPT_COST);
    let setup_code = bootstrap::enable_initial_setup(db, &mut state).await.map_err(words)?;
    let telegram =
        telegram_runtime::start(config, &mut state, ChannelLimits::default()).map_err(words)?;
    let stopping = state.shutdown.clone();
    let spa = config.spa_dir.clone().map_or(SpaSource::Embedded, SpaSource::Folder);
    let server = serve::build_server(listener, state, &ServeOptions { workers: None, spa })
        .map_err(|error| error.to_string())?;
    let background = [
        actix_web::rt::spawn(serve::run_storage_checks(db.clone(), photos.clone())),
        actix_web::rt::spawn(serve::run_cleanup(db.clone(), photos, config.encryption.clone())),
        actix_web::rt::spawn(serve::run_time_checks(db.clone())),
    ];
    log::info!("listening on http://{address}");
    demo::print_welcome(db, config, setup_code.as_deref()).await;
    let stopped = shutdown::run_until_signal(server, stopping, telegram).await;
    background.iter().for_each(actix_web::rt::task::JoinHandle::abort);
    stopped.map_err(|error| error.to_string())?;
    Ok(ExitCode::SUCCESS)
}

/// Why something was refused, for the terminal.
pub(crate) fn error_text(error: &Error, lang: Lang) -> String {
    match error {
        Error::Refused(refusal) if refusal.faults.is_empty() => {
            refusal.code.message(lang, refusal.param.as_deref())
        }
        Error::Refused(refusal) => {
            let faults = refusal.faults.iter().map(|fault| fault.render(lang));
            faults.map(|f| format!("{}: {}", f.field, f.message)).collect::<Vec<_>>().join("; ")
        }
        error => error.to_string(),
    }
}
