//! Commands `isp-server import` and `isp-server undo-import`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::ValueEnum;
use db::Db;
use services::import::{self, ImportRequest, ImportResponse, Importer, UndoResponse};
use services::{Error, users};
use shared::import::{ImportKind, ImportMapping, ImportReport, UndoReport};
use shared::{ImportId, Lang};

use crate::bootstrap;
use crate::config::Config;
use crate::error_text::error_text;

/// What can be imported.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Importable {
    Customers,
    Items,
}

/// Arguments of `isp-server import`.
#[derive(Debug)]
pub(crate) struct ImportArgs {
    pub file: PathBuf,
    pub dry_run: bool,
    pub replace_customers: bool,
    /// JSON file with an [`ImportMapping`].
    pub mapping: Option<PathBuf>,
    /// XLSX file for the rejected rows.
    pub rejected_rows: Option<PathBuf>,
}

/// Imports a file and prints the report.
///
/// # Errors
/// A file or the database can not be read; the file has no known format; the mapping does not fit.
pub(crate) async fn run(
    db: &Db,
    config: &Config,
    what: Importable,
    options: ImportArgs,
) -> Result<ExitCode, String> {
    let file = &options.file;
    let bytes = std::fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let file_name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let order = ImportRequest {
        file_name,
        lang: Lang::Id,
        mapping: options.mapping.as_ref().map(read_mapping).transpose()?.unwrap_or_default(),
        dry_run: options.dry_run,
        replace_customers: options.replace_customers,
        request: None,
    };
    let importer = importer(db, config, what).await?;
    let text = |error: Error| error_text(&error, Lang::Id);
    if let Some(path) = &options.rejected_rows {
        let xlsx = import::rejected_rows(&importer, &bytes, &order).await.map_err(text)?;
        std::fs::write(path, xlsx).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    let done = import::import(&importer, bytes, &order).await.map_err(text)?;
    // A replayed answer needs an idempotency key.
    let ImportResponse::Report(report) = done else { return Ok(ExitCode::FAILURE) };
    print_report(&report);
    Ok(ExitCode::SUCCESS)
}

/// Undoes an import and prints how much.
///
/// # Errors
/// The import does not exist, can no longer be undone, or its rows are in use.
pub(crate) async fn undo(
    db: &Db,
    config: &Config,
    what: Importable,
    id: i64,
) -> Result<ExitCode, String> {
    let importer = importer(db, config, what).await?;
    let done = import::undo(&importer, ImportId(id), None).await;
    let done = done.map_err(|error| error_text(&error, Lang::Id))?;
    let UndoResponse::Report(report) = done else { return Ok(ExitCode::FAILURE) };
    let UndoReport { deleted, emptied, restored, kept } = report;
    println!(
        "impor {id} dibatalkan: dihapus {deleted}, dikosongkan {emptied}, dikembalikan {restored}, tetap {kept}"
    );
    Ok(ExitCode::SUCCESS)
}

async fn importer(db: &Db, config: &Config, what: Importable) -> Result<Importer, String> {
    bootstrap::encrypt_plaintext(db, config).await.map_err(|error| error.to_string())?;
    let actor = db.write(users::system_actor).await;
    let actor = actor.map_err(|error: Error| error_text(&error, Lang::Id))?;
    let kind = match what {
        Importable::Customers => ImportKind::Customers,
        Importable::Items => ImportKind::Items,
    };
    Ok(Importer { db: db.clone(), cipher: config.encryption.clone(), actor, kind })
}

fn read_mapping(path: &PathBuf) -> Result<ImportMapping, String> {
    let fault = |error: String| format!("{}: {error}", path.display());
    let text = std::fs::read_to_string(path).map_err(|error| fault(error.to_string()))?;
    import::parse_mapping(&text).map_err(|error| fault(error_text(&error, Lang::Id)))
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
    for unknown in &report.unknown_values {
        let words: Vec<&str> = unknown.values.iter().map(|value| value.value.as_str()).collect();
        println!("kolom {} berisi kata yang tidak dikenal: {}", unknown.column, words.join(", "));
    }
    for sheet in &report.other_sheets {
        println!("lembar yang tidak dibaca: {} ({} baris)", sheet.name, sheet.rows);
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
    if let Some(id) = report.id {
        println!("nomor impor: {id}");
    }
}
