//! `isp-server import`

use std::path::Path;
use std::process::ExitCode;

use clap::ValueEnum;
use db::Db;
use services::import::{customers, items};
use services::{Error, users};
use shared::Lang;
use shared::import::ImportReport;

use crate::bootstrap;
use crate::cli::in_words;
use crate::config::Config;

/// What can be imported.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Importable {
    Customers,
    Items,
}

/// Imports a file and prints what became of it.
///
/// # Errors
/// The file or the database can not be read, or the file is not understood at all.
pub(crate) async fn run(
    db: &Db,
    config: &Config,
    what: Importable,
    file: &Path,
    dry_run: bool,
) -> Result<ExitCode, String> {
    let bytes = std::fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
    bootstrap::seal(db, config).await.map_err(|error| error.to_string())?;
    let vault = config.vault.clone();
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let words = |error: Error| in_words(&error, Lang::Id);
    let report = match what {
        Importable::Customers => {
            let checked = customers::check(&bytes).map_err(words)?;
            db.write(move |tx| {
                let actor = users::system_actor(tx)?;
                customers::apply(tx, &vault, &actor, &checked, &name, Lang::Id, dry_run)
            })
            .await
        }
        Importable::Items => {
            let checked = items::check(&bytes).map_err(words)?;
            db.write(move |tx| {
                let actor = users::system_actor(tx)?;
                items::apply(tx, &actor, &checked, &name, Lang::Id, dry_run)
            })
            .await
        }
    };
    print_report(&report.map_err(words)?);
    Ok(ExitCode::SUCCESS)
}

fn print_report(report: &ImportReport) {
    for problem in &report.problems {
        let (line, column, value) = (problem.line, &problem.column, &problem.value);
        println!("baris {line}, {column} `{value}`: {}", problem.message);
    }
    if !report.ignored_columns.is_empty() {
        println!("kolom yang dilewati: {}", report.ignored_columns.join(", "));
    }
    let verb = if report.dry_run { "akan " } else { "" };
    println!(
        "{} baris: {verb}dibuat {}, {verb}diubah {}, tetap {}, ditolak {}",
        report.rows, report.created, report.updated, report.unchanged, report.rejected,
    );
}
