//! Schemathesis, which tries the API from its OpenAPI document, in a Python environment of its own.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::apt;
use crate::paths;
use crate::process::{Failure, Result, command, fail, output, run};
use crate::steps::{ready, step};

const TITLE: &str = "Schemathesis";
/// Every package with its version.
const PACKAGES: &str = include_str!("../../schemathesis.txt");
const VERSION: &str = "4.32.5";
/// The oldest Python that this version runs on.
const OLDEST_PYTHON: (u32, u32) = (3, 11);

/// The program `st`.
pub fn ensure() -> Result<PathBuf> {
    let dir = paths::tool("schemathesis", VERSION);
    let stamp = dir.join("installed.txt");
    let program = programs(&dir).join(format!("st{}", env::consts::EXE_SUFFIX));
    if program.exists() && fs::read_to_string(&stamp).is_ok_and(|installed| installed == PACKAGES) {
        ready(TITLE);
        return Ok(program);
    }
    let python = python()?;
    step(TITLE, || {
        environment(python, &dir)?;
        let wanted = dir.join("wanted.txt");
        fs::write(&wanted, PACKAGES)?;
        let pip =
            ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"];
        run(command(programs(&dir).join("python")).args(pip).arg(&wanted))?;
        Ok(fs::write(&stamp, PACKAGES)?)
    })?;
    Ok(program)
}

fn programs(dir: &Path) -> PathBuf {
    dir.join(if cfg!(windows) { "Scripts" } else { "bin" })
}

/// The first Python that is new enough.
fn python() -> Result<&'static str> {
    let names = ["python3", "python3.14", "python3.13", "python3.12", "python3.11", "python"];
    let found = names.into_iter().find(|name| {
        output(command(name).arg("--version"))
            .is_ok_and(|said| version(&said).is_some_and(|version| version >= OLDEST_PYTHON))
    });
    let (major, minor) = OLDEST_PYTHON;
    found.ok_or_else(|| {
        Failure::new(format!(
            "Python {major}.{minor} or newer is missing: install it and try again"
        ))
    })
}

/// Debian keeps the module `venv` in a package of its own.
fn environment(python: &str, dir: &Path) -> Result {
    let make = || run(command(python).args(["-m", "venv", "--clear"]).arg(dir));
    if make().is_ok() {
        return Ok(());
    }
    apt::install(&["python3-venv"]).and_then(|()| make()).or_else(|failure| {
        fail(format!("Python's module venv is missing ({failure}): install it and try again"))
    })
}

fn version(said: &str) -> Option<(u32, u32)> {
    let mut numbers = said.strip_prefix("Python ")?.split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::version;

    #[test]
    fn reads_what_python_says_of_itself() {
        assert_eq!(version("Python 3.11.7"), Some((3, 11)));
        assert_eq!(version("Python 3.9.2"), Some((3, 9)));
        assert_eq!(version("zsh: command not found"), None);
    }
}
