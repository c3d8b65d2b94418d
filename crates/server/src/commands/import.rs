//! Command `isp-server import`.

use std::path::Path;
use std::process::ExitCode;

use clap::ValueEnum;
use db::Db;
use services::import::{ImportRequest, ImportResponse, customers, items};
use services::{Error, users};
use shared::Lang;
use shared::import::ImportReport;

use crate::bootstrap;
use crate::config::Config;
use crate::error_text::error_text;

/// What can be imported.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Importable {
    Customers,
    Items,
}

/// Imports a file and prints the report.
///
/// # Errors
/// The file or the database can not be read; the file has no known format.
pub(crate) async fn run(
    db: &Db,
    config: &Config,
    what: Importable,
    file: &Path,
    dry_run: bool,
    replace_customers: bool,
) -> Result<ExitCode, String> {
    let bytes = std::fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
    bootstrap::encrypt_plaintext(db, config).await.map_err(|error| error.to_string())?;
    let file_name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let order =
        ImportRequest { file_name, lang: Lang::Id, dry_run, replace_customers, request: None };
    let text = |error: Error| error_text(&error, Lang::Id);
    let actor = db.write(users::system_actor).await.map_err(text)?;
    let done = match what {
        Importable::Customers => {
            customers::import(db, &config.encryption, &actor, bytes, &order).await
        }
        Importable::Items => items::import(db, &actor, bytes, &order).await,
    };
    // A replayed answer needs an idempotency key.
    let ImportResponse::Report(report) = done.map_err(text)? else { return Ok(ExitCode::FAILURE) };
    print_report(&report);
    Ok(ExitCode::SUCCESS)
}

fn print_report(report: &ImportReport) {
    for problem in &report.problems {
        let (line, column, value) = (problem.line, &problem.column, &problem.value);
        println!("baris {line}, {column} `{value}`: {}", problem.message);
    }
    for warning in &report.warnings {
        let (line, column, value) = (warning.line, &warning.column, &warning.value);
        println!("baris {line}, {column} `{value}` dikosongkan: {}", warning.message);
    }
    if !report.ignored_columns.is_empty() {
        println!("kolom yang dilewati: {}", report.ignored_columns.join(", "));
    }
    let verb = if report.dry_run { "akan " } else { "" };
    println!(
        "{} baris: {verb}dibuat {}, {verb}diubah {}, tetap {}, ditolak {}, bukan data {}",
        report.rows,
        report.created,
        report.updated,
        report.unchanged,
        report.rejected,
        report.skipped,
    );
}
