//! Release build of the browser application.

use std::fs;
use std::path::PathBuf;

use crate::fingerprint;
use crate::paths;
use crate::process::{Result, run};
use crate::progress::{ready, step};
use crate::setup::{self, Frontend};

const TITLE: &str = "browser application";

/// Installs missing tools and builds the application for release, unless nothing has changed since the last
/// build.
pub fn release() -> Result<Frontend> {
    let frontend = setup::frontend()?;
    let stamp = paths::spa_target().join("dist-fingerprint");
    let inputs = fingerprint::from_contents(&inputs())?;
    let unchanged = fs::read_to_string(&stamp).is_ok_and(|built| built == inputs);
    if unchanged && paths::dist().join("index.html").exists() {
        ready(TITLE);
        return Ok(frontend);
    }
    step(TITLE, || {
        run(&mut frontend.trunk_release()?)?;
        Ok(fs::write(&stamp, &inputs)?)
    })?;
    Ok(frontend)
}

/// All inputs of the build.
fn inputs() -> Vec<PathBuf> {
    [
        "frontend",
        "crates/shared",
        "Cargo.toml",
        "Cargo.lock",
        "Trunk.toml",
        "crates/xtask/src/wasm_split.rs",
    ]
    .iter()
    .map(|path| paths::root().join(path))
    .collect()
}
