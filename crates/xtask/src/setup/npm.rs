//! Node, npm and the frontend's npm packages.

use std::fs;
use std::process::Command;

use crate::paths;
use crate::process::{Failure, Result, command, fail, output, run};
use crate::progress::{ready, step};

const OLDEST_NODE: u32 = 20;

/// `npm`, under the name it has on this system.
pub fn npm() -> Command {
    command(if cfg!(windows) { "npm.cmd" } else { "npm" })
}

/// `node`, in the frontend's folder.
pub fn node() -> Command {
    let mut node = command("node");
    node.current_dir(paths::frontend());
    node
}

/// Fails if Node is missing or too old.
pub fn check() -> Result {
    let missing = || {
        Failure::new(format!(
            "Node.js {OLDEST_NODE} or newer with npm is missing: install it and try again"
        ))
    };
    let version = output(node().arg("--version")).map_err(|_| missing())?;
    output(npm().arg("--version")).map_err(|_| missing())?;
    match major(&version) {
        Some(major) if major >= OLDEST_NODE => Ok(()),
        _ => fail(format!("Node.js {OLDEST_NODE} or newer is needed, this is {version}")),
    }
}

/// Installs the packages of package-lock.json if that file has changed since the last installation.
pub fn packages() -> Result {
    let lock = fs::read_to_string(paths::frontend().join("package-lock.json"))?;
    let stamp = paths::frontend().join("node_modules").join(".installed-lock");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == lock) {
        ready("npm packages");
        return Ok(());
    }
    step("npm packages", || {
        run(npm()
            .args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
            .current_dir(paths::frontend()))?;
        Ok(fs::write(&stamp, &lock)?)
    })
}

fn major(version: &str) -> Option<u32> {
    version.strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::major;

    #[test]
    fn reads_the_major_version() {
        assert_eq!(major("v20.20.2"), Some(20));
        assert_eq!(major("nonsense"), None);
    }
}
