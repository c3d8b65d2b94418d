//! Commands `isp-server backup` and `isp-server restore`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use chrono::Utc;
use db::{Db, DbError, Purpose};
use services::audit;
use services::inventory::ledger;
use services::photos::MARKER_FILE;

use crate::bootstrap;
use crate::config::Config;

/// File name of a SQLite database in a backup.
const SQLITE_FILE_NAME: &str = "isp.db";
/// File name of a PostgreSQL dump in a backup.
const POSTGRES_FILE_NAME: &str = "isp.pgdump";
/// Folder name of the photos in a backup.
const PHOTOS_DIR_NAME: &str = "uploads";

/// Copies database and photos into a new folder below `target`, and verifies the copy of the database
/// (of PostgreSQL: its table of contents). A folder whose name ends in `.partial` is incomplete.
///
/// # Errors
/// A file can not be read or written; the copy is damaged.
pub(crate) async fn create(config: &Config, target: &Path) -> Result<ExitCode, String> {
    let db = bootstrap::open_database(config, Purpose::Command)
        .map_err(|error| format!("DATABASE_URL: {error}"))?;
    let name = Utc::now().format("isp-%Y%m%d-%H%M%S").to_string();
    let (done, partial) = (target.join(&name), target.join(format!("{name}.partial")));
    let made = copy_everything(&db, config, &partial).await;
    db.close().await;
    let photos = made?;
    fs::rename(&partial, &done).map_err(|error| path_error(&done, &error))?;
    println!("{}: the database and {photos} files of photos", done.display());
    println!("Keep DATA_KEY apart from it: it is not in the backup.");
    Ok(ExitCode::SUCCESS)
}

/// Copies the photos after the database: then each row of the copy has its file.
async fn copy_everything(db: &Db, config: &Config, folder: &Path) -> Result<u64, String> {
    // An unmounted disk would give a backup without photos that looks complete.
    let photos =
        bootstrap::open_photo_store(db, config).await.map_err(|error| error.to_string())?;
    if let Some(fault) = photos.health().fault() {
        return Err(format!("UPLOADS_URL: {}: {fault}", config.uploads.display()));
    }
    fs::create_dir_all(folder).map_err(|error| path_error(folder, &error))?;
    match &config.database {
        db::DatabaseUrl::Sqlite(_) => {
            let target = folder.join(SQLITE_FILE_NAME);
            let copy = target.clone();
            let copied = db.read(move |conn| db::backup::copy_into(conn, &copy)).await;
            copied.and_then(|()| db::backup::verify_copy(&target)).map_err(|e| e.to_string())?;
        }
        db::DatabaseUrl::Postgres(url) => {
            let target = folder.join(POSTGRES_FILE_NAME);
            let file = format!("--file={}", target.display());
            run_postgres_tool("pg_dump", url, &["--format=custom", "--no-owner", &file])?;
            run_postgres_tool("pg_restore", url, &["--list", &target.display().to_string()])?;
        }
    }
    copy_folder(&config.uploads, &folder.join(PHOTOS_DIR_NAME))
}

/// Restores a backup where there is no database yet, and verifies the result.
///
/// # Errors
/// There is a database or a photo already; a file can not be read or written; the restored database is
/// damaged.
pub(crate) async fn restore(config: &Config, backup: &Path) -> Result<ExitCode, String> {
    refuse_to_overwrite(config)?;
    match &config.database {
        db::DatabaseUrl::Sqlite(path) => restore_sqlite(&backup.join(SQLITE_FILE_NAME), path)?,
        db::DatabaseUrl::Postgres(url) => {
            let file = backup.join(POSTGRES_FILE_NAME).display().to_string();
            let how = ["--no-owner", "--exit-on-error", "--single-transaction", &file];
            run_postgres_tool("pg_restore", url, &how)?;
        }
    }
    let photos = copy_folder(&backup.join(PHOTOS_DIR_NAME), &config.uploads)?;
    let db = bootstrap::open_database(config, Purpose::Serve)
        .map_err(|error| format!("DATABASE_URL: {error}"))?;
    let proven = verify_restored(&db, config).await;
    db.close().await;
    println!("{}; {photos} files of photos", proven?);
    Ok(ExitCode::SUCCESS)
}

fn restore_sqlite(copy: &Path, path: &Path) -> Result<(), String> {
    db::backup::verify_copy(copy).map_err(|error| format!("{}: {error}", copy.display()))?;
    // SQLite would apply the write-ahead log of an earlier database to this one.
    for ending in ["-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        match fs::remove_file(PathBuf::from(name)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(path_error(path, &error));
            }
            _ => {}
        }
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| path_error(folder, &error))?;
    }
    // Renamed once it is complete: a full disk leaves nothing that looks like a database.
    let mut partial = path.as_os_str().to_owned();
    partial.push(".partial");
    let partial = PathBuf::from(partial);
    let copied = copy_file(copy, &partial).and_then(|()| fs::rename(&partial, path));
    copied.map_err(|error| path_error(path, &error))
}

fn refuse_to_overwrite(config: &Config) -> Result<(), String> {
    if let db::DatabaseUrl::Sqlite(path) = &config.database
        && path.exists()
    {
        return Err(format!("{} exists: move it away first", path.display()));
    }
    let photos = fs::read_dir(&config.uploads);
    let is_photo = |entry: io::Result<fs::DirEntry>| {
        entry.is_ok_and(|entry| !entry.file_name().to_string_lossy().starts_with('.'))
    };
    if photos.is_ok_and(|mut entries| entries.any(is_photo)) {
        return Err(format!(
            "{} has files already: move them away first",
            config.uploads.display()
        ));
    }
    Ok(())
}

async fn verify_restored(db: &Db, config: &Config) -> Result<String, String> {
    let report = db.read(ledger::check).await.map_err(|error| error.to_string())?;
    if !report.is_sound() {
        return Err(format!("the ledger of the warehouse is not sound: {report:?}"));
    }
    let cipher = config.encryption.clone();
    let verified = db.read(move |conn| audit::verify(conn, &cipher)).await;
    let verified = verified.map_err(|error| error.to_string())?;
    match verified.fault {
        None => Ok(format!("restored: ledger sound, {} entries of the audit", verified.intact)),
        Some(fault) => Err(format!("the audit is not intact: {fault}")),
    }
}

/// Copies a folder recursively. Returns the number of files without the marker file.
fn copy_folder(from: &Path, to: &Path) -> Result<u64, String> {
    fs::create_dir_all(to).map_err(|error| path_error(to, &error))?;
    let mut files = 0;
    let entries = match fs::read_dir(from) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        Err(error) => return Err(path_error(from, &error)),
    };
    for entry in entries {
        let entry = entry.map_err(|error| path_error(from, &error))?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        let kind = entry.file_type().map_err(|error| path_error(&source, &error))?;
        if kind.is_dir() {
            files += copy_folder(&source, &target)?;
            continue;
        }
        match copy_file(&source, &target) {
            Ok(()) => files += u64::from(entry.file_name() != MARKER_FILE),
            // Removed since the folder was read, so no row of the copy refers to it.
            Err(error) if error.kind() == io::ErrorKind::NotFound && !source.exists() => {}
            Err(error) => return Err(path_error(&source, &error)),
        }
    }
    Ok(files)
}

/// Copies a file and syncs it to the disk.
fn copy_file(source: &Path, target: &Path) -> io::Result<()> {
    let mut written = fs::File::create(target)?;
    io::copy(&mut fs::File::open(source)?, &mut written)?;
    written.sync_all()
}

/// Runs a program of PostgreSQL on this database. The password is passed in the environment, because
/// arguments are visible to all users of the machine.
fn run_postgres_tool(name: &str, url: &str, arguments: &[&str]) -> Result<(), String> {
    let (address, password) = split_password(url);
    let mut command = Command::new(name);
    let lists = arguments.first() == Some(&"--list");
    if !lists {
        command.arg(format!("--dbname={address}"));
    }
    if let Some(password) = password {
        command.env("PGPASSWORD", password);
    }
    let done = command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).output();
    let done = done.map_err(|error| {
        format!(
            "{name}: {error}. Install the client programs of PostgreSQL, or run it where they are"
        )
    })?;
    if done.status.success() {
        return Ok(());
    }
    Err(format!("{name}: {}", String::from_utf8_lossy(&done.stderr).trim()))
}

/// Splits a URL into the URL without its password, and the password.
fn split_password(url: &str) -> (String, Option<String>) {
    let Some((scheme, rest)) = url.split_once("://") else { return (url.to_owned(), None) };
    let end = rest.find('/').unwrap_or(rest.len());
    let Some((login, host)) = rest[..end].rsplit_once('@') else { return (url.to_owned(), None) };
    let Some((user, password)) = login.split_once(':') else { return (url.to_owned(), None) };
    let password = percent_encoding::percent_decode_str(password).decode_utf8_lossy().into_owned();
    (format!("{scheme}://{user}@{host}{}", &rest[end..]), Some(password))
}

fn path_error(path: &Path, error: &io::Error) -> String {
    DbError::Storage {
        fault: db::storage::fault_of_io(error),
        cause: format!("{}: {error}", path.display()),
    }
    .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_does_not_stand_among_the_arguments() {
        let (address, password) = split_password("postgres://isp:a%40b@db.example:5432/isp?x=1");
        assert_eq!(address, "postgres://isp@db.example:5432/isp?x=1");
        assert_eq!(password.as_deref(), Some("a@b"));
        let plain = "postgres://isp@localhost/isp";
        assert_eq!(split_password(plain), (plain.to_owned(), None));
    }
}
