//! WebAssembly target of the Rust compiler: its triple, standard library and environment.

use std::fs;
use std::path::{Path, PathBuf};

use crate::process::{Result, command, output};

/// The target triple of browsers.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// The environment in which cargo compiles for the browser.
#[derive(Default)]
pub struct Compiler {
    /// Folders that precede `PATH`.
    pub path: Vec<PathBuf>,
    /// Variables to remove because they would select another compiler.
    pub unset: Vec<&'static str>,
    /// The linker, if the compiler has none of its own.
    pub linker: Option<PathBuf>,
}

/// Returns the sysroot of a compiler.
pub fn sysroot(rustc: &Path) -> Result<PathBuf> {
    output(command(rustc).args(["--print", "sysroot"])).map(PathBuf::from)
}

/// The folder of the standard library for the browser.
pub fn library_dir(sysroot: &Path) -> PathBuf {
    sysroot.join("lib/rustlib").join(TARGET).join("lib")
}

/// Whether the standard library for the browser is complete.
pub fn has_std(sysroot: &Path) -> bool {
    fs::read_dir(library_dir(sysroot)).is_ok_and(|entries| {
        entries.flatten().any(|entry| entry.file_name().to_string_lossy().starts_with("libstd-"))
    })
}
