//! wasm-opt, which makes the browser application small. It comes from npm and runs wherever Node does.

use std::fs;
use std::path::PathBuf;

use super::npm::npm;
use crate::paths;
use crate::process::{Result, run};
use crate::steps::{ready, step};

/// The same version stands in Trunk.toml.
const VERSION: &str = "132";

/// The folder of `wasm-opt`.
pub fn ensure() -> Result<PathBuf> {
    let home = paths::tool("binaryen", VERSION);
    let bin = home.join("node_modules").join(".bin");
    let title = format!("wasm-opt {VERSION}");
    if bin.join("wasm-opt").exists() {
        ready(&title);
        return Ok(bin);
    }
    step(&title, || {
        fs::create_dir_all(&home)?;
        run(npm()
            .args(["install", "--no-audit", "--no-fund", "--loglevel=error", "--prefix"])
            .arg(&home)
            .arg(format!("binaryen@{VERSION}"))
            .current_dir(&home))
    })?;
    Ok(bin)
}
