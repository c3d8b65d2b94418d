//! The program that splits the browser application, in the version that fits the library in Cargo.lock.

use std::path::PathBuf;

use super::cargo_tool::CargoTool;
use crate::lockfile;
use crate::process::Result;

/// The path of `wasm-split-cli`.
pub fn ensure() -> Result<PathBuf> {
    let version = lockfile::version_of("wasm_split_helpers")?;
    CargoTool {
        program: "wasm-split-cli",
        package: "wasm_split_cli_support",
        version: &version,
        args: &["--locked", "--features", "build-binary"],
        reports_version: false,
    }
    .ensure()
}
