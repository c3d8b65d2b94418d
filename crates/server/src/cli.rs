//! Command line of `isp-server`.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use db::{Db, Purpose};
use notify::telegram::LIMITS;
use services::auth::passwords;

use crate::bootstrap::{self, StartupError};
use crate::commands::{admin, audit, backup, demo, import, keys, ledger, uploads};
use crate::config::{Config, Environment};
use crate::serve::{self, ServeOptions};
use crate::spa::SpaSource;
use crate::{logging, shutdown, telegram_runtime};

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
        /// Fills a new database with demo data; refused in production.
        #[arg(long)]
        demo: bool,
    },
    /// Imports customers or items from a CSV or XLSX file.
    Import {
        what: import::Importable,
        file: PathBuf,
        /// Reports the changes without storing them.
        #[arg(long)]
        dry_run: bool,
        /// Rows may replace both name and phone number of the customer with their number.
        #[arg(long)]
        replace_customers: bool,
        /// How columns and words are understood: a JSON file like the field `mapping` of the API.
        #[arg(long)]
        mapping: Option<PathBuf>,
        /// Writes the rejected rows with their reasons into this XLSX file.
        #[arg(long)]
        rejected_rows: Option<PathBuf>,
    },
    /// Undoes an import, by the number that its report has printed.
    UndoImport { what: import::Importable, id: i64 },
    /// Creates a superadmin, or resets the password of one with --reset. The server may be running.
    ///
    /// The password comes from standard input or is asked for. Without one it is generated and printed,
    /// and has to be changed at the first sign-in.
    CreateAdmin {
        #[arg(long)]
        username: String,
        /// Full name; defaults to the user name.
        #[arg(long)]
        name: Option<String>,
        /// Gives an existing superadmin a new password and enables the account again.
        #[arg(long)]
        reset: bool,
    },
    /// Verifies the inventory ledger.
    Ledger {
        #[command(subcommand)]
        command: LedgerCommand,
    },
    /// Verifies the audit log.
    Audit {
        #[command(subcommand)]
        command: AuditCommand,
    },
    /// Manages the keys of the encryption at rest.
    Keys {
        #[command(subcommand)]
        command: KeysCommand,
    },
    /// Opens the photo folder.
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
    /// Compares every balance with its movements.
    Verify,
}

#[derive(Debug, Subcommand)]
enum AuditCommand {
    /// Verifies the chain and prints the first broken entry.
    Verify,
}

#[derive(Debug, Subcommand)]
enum KeysCommand {
    /// Encrypts everything with DATA_KEY that was encrypted with one of DATA_KEY_PREVIOUS.
    Rotate,
}

/// Runs the command of the process's arguments. An error is printed as one line.
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
            Command::Import { what, file, dry_run, replace_customers, mapping, rejected_rows } => {
                let options =
                    import::ImportArgs { file, dry_run, replace_customers, mapping, rejected_rows };
                with_database(&config, async |db| import::run(db, &config, what, options).await)
                    .await
            }
            Command::UndoImport { what, id } => {
                with_database(&config, async |db| import::undo(db, &config, what, id).await).await
            }
            Command::CreateAdmin { username, name, reset } => {
                let new_admin = admin::CreateAdminArgs { username, name, reset };
                with_database(&config, async |db| admin::run(db, &config, new_admin).await).await
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

/// Opens the database, runs a command on it, and closes it.
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
    let text = |error: StartupError| error.to_string();
    let address = config.http.address;
    // Bound before everything else: a second server on this port must not touch the data.
    let listener =
        TcpListener::bind(address).map_err(|error| format!("PORT: {address}: {error}"))?;
    let db =
        bootstrap::open_database(config, Purpose::Serve).map_err(|error| text(error.into()))?;
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
    let text = |error: StartupError| error.to_string();
    let address = config.http.address;
    bootstrap::encrypt_plaintext(db, config).await.map_err(text)?;
    let photos = bootstrap::open_photo_store(db, config).await.map_err(text)?;
    if demo {
        demo::fill(db, &photos, config).await?;
    }
    bootstrap::create_first_admin(db, config, passwords::BCRYPT_COST).await.map_err(text)?;
    let mut state =
        bootstrap::build_state(db.clone(), config, photos.clone(), passwords::BCRYPT_COST);
    let setup_code = bootstrap::enable_initial_setup(db, &mut state).await.map_err(text)?;
    let telegram = telegram_runtime::start(config, &mut state, LIMITS).map_err(text)?;
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
