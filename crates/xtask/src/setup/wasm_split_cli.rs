//! Installation of wasm-split-cli in the version of `wasm_split_helpers` in Cargo.lock.

use std::path::PathBuf;

use super::cargo_tool::CargoTool;
use crate::lockfile;
use crate::process::Result;

/// Returns the path of `wasm-split-cli`.
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
