//! Versions in Cargo.lock.

use std::fs;

use crate::paths;
use crate::process::{Result, cargo, fail, run};

/// Returns the version of `package` in Cargo.lock, which is created if it is missing.
pub fn version_of(package: &str) -> Result<String> {
    let path = paths::root().join("Cargo.lock");
    if !path.exists() {
        run(cargo().arg("generate-lockfile"))?;
    }
    match find(&fs::read_to_string(path)?, package) {
        Some(version) => Ok(version),
        None => fail(format!("Cargo.lock names no package `{package}`")),
    }
}

fn find(lockfile: &str, package: &str) -> Option<String> {
    let name = format!("name = \"{package}\"");
    let mut lines = lockfile.lines().skip_while(|line| *line != name);
    let version = lines.nth(1)?;
    Some(version.strip_prefix("version = \"")?.strip_suffix('"')?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::find;

    const LOCK: &str = "[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.50\"\n\n\
                        [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";

    #[test]
    fn finds_the_exact_name() {
        assert_eq!(find(LOCK, "wasm-bindgen").as_deref(), Some("0.2.130"));
    }

    #[test]
    fn an_absent_package_is_none() {
        assert_eq!(find(LOCK, "wasm"), None);
    }
}
