//! Trunk, which builds the browser application.

use std::path::PathBuf;

use super::cargo_tool::CargoTool;
use crate::process::Result;

const VERSION: &str = "0.21.14";

/// The path of Trunk.
pub fn ensure() -> Result<PathBuf> {
    // Without its default features it has nothing to download with: all its tools are set up here.
    let args = &["--locked", "--no-default-features"];
    CargoTool { program: "trunk", package: "trunk", version: VERSION, args, reports_version: true }
        .ensure()
}
