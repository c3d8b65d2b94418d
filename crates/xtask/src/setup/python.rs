//! Python tools, each in its own virtual environment.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::apt;
use crate::paths;
use crate::process::{Failure, Result, command, fail, output, run};
use crate::progress::{ready, step};

/// The oldest supported Python.
const OLDEST_PYTHON: (u32, u32) = (3, 11);

/// A virtual environment with a tool.
pub struct PythonEnvironment {
    /// Its name in the progress output.
    pub title: &'static str,
    /// Its folder in the tool folder.
    pub name: &'static str,
    pub version: &'static str,
    /// All packages with their versions, in the format of `pip`.
    pub packages: &'static str,
    /// The program to return.
    pub program: &'static str,
}

/// Returns the program of an environment, which is created if it is missing or has other packages.
pub fn ensure(wanted: &PythonEnvironment) -> Result<PathBuf> {
    let dir = paths::tool(wanted.name, wanted.version);
    let stamp = dir.join("installed.txt");
    let program = programs_dir(&dir).join(format!("{}{}", wanted.program, env::consts::EXE_SUFFIX));
    let installed = fs::read_to_string(&stamp);
    if program.exists() && installed.is_ok_and(|installed| installed == wanted.packages) {
        ready(wanted.title);
        return Ok(program);
    }
    let python = find_python()?;
    step(wanted.title, || {
        create_environment(python, &dir)?;
        let list = dir.join("wanted.txt");
        fs::write(&list, wanted.packages)?;
        let pip =
            ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"];
        run(command(programs_dir(&dir).join("python")).args(pip).arg(&list))?;
        Ok(fs::write(&stamp, wanted.packages)?)
    })?;
    Ok(program)
}

fn programs_dir(dir: &Path) -> PathBuf {
    dir.join(if cfg!(windows) { "Scripts" } else { "bin" })
}

/// Finds a Python that is new enough.
fn find_python() -> Result<&'static str> {
    let names = ["python3", "python3.14", "python3.13", "python3.12", "python3.11", "python"];
    let found = names.into_iter().find(|name| {
        output(command(name).arg("--version"))
            .is_ok_and(|said| parse_version(&said).is_some_and(|version| version >= OLDEST_PYTHON))
    });
    let (major, minor) = OLDEST_PYTHON;
    found.ok_or_else(|| {
        Failure::new(format!(
            "Python {major}.{minor} or newer is missing: install it and try again"
        ))
    })
}

/// Creates the environment. Debian has the module `venv` in a separate package.
fn create_environment(python: &str, dir: &Path) -> Result {
    let make = || run(command(python).args(["-m", "venv", "--clear"]).arg(dir));
    if make().is_ok() {
        return Ok(());
    }
    apt::install(&["python3-venv"]).and_then(|()| make()).or_else(|failure| {
        fail(format!("Python's module venv is missing ({failure}): install it and try again"))
    })
}

fn parse_version(said: &str) -> Option<(u32, u32)> {
    let mut numbers = said.strip_prefix("Python ")?.split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::parse_version;

    #[test]
    fn parses_the_version_that_python_prints() {
        assert_eq!(parse_version("Python 3.11.7"), Some((3, 11)));
        assert_eq!(parse_version("Python 3.9.2"), Some((3, 9)));
        assert_eq!(parse_version("zsh: command not found"), None);
    }
}
