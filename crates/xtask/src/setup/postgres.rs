//! PostgreSQL's server programs. The tests start a throw-away cluster of their own with them.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::apt;
use crate::process::{Result, command, fail, output, which};
use crate::progress::{ready, step};

const TITLE: &str = "PostgreSQL server programs";

/// The folder with `initdb` and `postgres`.
pub fn ensure() -> Result<PathBuf> {
    if let Some(dir) = find() {
        ready(TITLE);
        return Ok(dir);
    }
    let installed = step(TITLE, || apt::install(&["postgresql"]));
    match (find(), installed) {
        (Some(dir), _) => Ok(dir),
        (None, Err(failure)) => fail(format!(
            "PostgreSQL 15 or newer is missing ({failure}): install it, or set PG_BIN to its folder"
        )),
        (None, Ok(())) => {
            fail("PostgreSQL was installed, but initdb is not found: set PG_BIN to its folder")
        }
    }
}

fn find() -> Option<PathBuf> {
    candidates().into_iter().find(|dir| ["initdb", "postgres"].iter().all(|name| has(dir, name)))
}

fn candidates() -> Vec<PathBuf> {
    let mut dirs = Vec::new();
    dirs.extend(env::var_os("PG_BIN").map(PathBuf::from));
    dirs.extend(output(command("pg_config").arg("--bindir")).ok().map(PathBuf::from));
    dirs.extend(newest_first("/usr/lib/postgresql", "").into_iter().map(|dir| dir.join("bin")));
    for homebrew in ["/opt/homebrew/opt", "/usr/local/opt"] {
        dirs.extend(newest_first(homebrew, "postgresql").into_iter().map(|dir| dir.join("bin")));
    }
    dirs.push(PathBuf::from("/Applications/Postgres.app/Contents/Versions/latest/bin"));
    dirs.extend(which("initdb").and_then(|program| program.parent().map(PathBuf::from)));
    dirs
}

fn newest_first(parent: &str, prefix: &str) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(parent)
        .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
        .unwrap_or_default();
    found.retain(|path| {
        path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(prefix))
    });
    found.sort();
    found.reverse();
    found
}

fn has(dir: &Path, program: &str) -> bool {
    dir.join(format!("{program}{}", env::consts::EXE_SUFFIX)).is_file()
}
