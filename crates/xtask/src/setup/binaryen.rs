//! Installation of Binaryen from npm: wasm-opt, and the programs that merge the chunks.

use std::fs;
use std::path::PathBuf;

use super::npm::npm;
use crate::paths;
use crate::process::{Result, run};
use crate::progress::{ready, step};

/// The same version is in Trunk.toml.
const VERSION: &str = "132";

/// Folders of Binaryen's programs.
pub struct Binaryen {
    /// The folder for PATH.
    pub bin: PathBuf,
    /// The folder of the same programs as scripts for Node.
    pub scripts: PathBuf,
}

/// Installs it if it is missing.
pub fn ensure() -> Result<Binaryen> {
    let home = paths::tool("binaryen", VERSION);
    let packages = home.join("node_modules");
    let found =
        Binaryen { bin: packages.join(".bin"), scripts: packages.join("binaryen").join("bin") };
    let title = format!("wasm-opt {VERSION}");
    if found.bin.join("wasm-opt").exists() {
        ready(&title);
        return Ok(found);
    }
    step(&title, || {
        fs::create_dir_all(&home)?;
        run(npm()
            .args(["install", "--no-audit", "--no-fund", "--loglevel=error", "--prefix"])
            .arg(&home)
            .arg(format!("binaryen@{VERSION}"))
            .current_dir(&home))
    })?;
    Ok(found)
}
