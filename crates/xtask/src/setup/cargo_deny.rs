//! cargo-deny, which checks licences, sources, banned crates and security advisories.

use std::path::PathBuf;

use super::cargo_tool::CargoTool;
use crate::process::Result;

/// The program `cargo-deny`.
pub fn ensure() -> Result<PathBuf> {
    CargoTool {
        program: "cargo-deny",
        package: "cargo-deny",
        version: "0.20.2",
        args: &["--locked", "--no-default-features"],
        reports_version: true,
    }
    .ensure()
}
