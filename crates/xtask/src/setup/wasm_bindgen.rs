//! Installation of wasm-bindgen-cli in the version of the library in Cargo.lock.

use std::path::PathBuf;

use super::cargo_tool::CargoTool;
use crate::lockfile;
use crate::process::Result;

/// Returns the path of `wasm-bindgen`.
pub fn ensure() -> Result<PathBuf> {
    let version = lockfile::version_of("wasm-bindgen")?;
    CargoTool {
        program: "wasm-bindgen",
        package: "wasm-bindgen-cli",
        version: &version,
        args: &[],
        reports_version: true,
    }
    .ensure()
}
