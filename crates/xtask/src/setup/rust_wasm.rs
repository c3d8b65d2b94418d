//! Rust compiler for WebAssembly: rustup's, or Debian's where rustup can't download.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::debian_wasm;
use crate::process::{Result, command, fail, output, run_within, which};
use crate::progress::{note, ready, step};

/// The target triple of browsers.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// Time limits for rustup: short if Debian's compiler is an alternative, else long.
const RUSTUP_TIMEOUT_WITH_FALLBACK: Duration = Duration::from_secs(60);
const RUSTUP_TIMEOUT: Duration = Duration::from_secs(1800);

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

/// Finds or installs a compiler for the browser.
pub fn ensure() -> Result<Compiler> {
    if has_std(&sysroot(Path::new("rustc"))?) {
        ready("Rust for WebAssembly");
        return Ok(Compiler::default());
    }
    if let Some(compiler) = debian_wasm::find() {
        ready("Rust for WebAssembly (Debian's compiler)");
        return Ok(compiler);
    }
    let other_way = debian_wasm::is_supported();
    match step("Rust for WebAssembly", || install_with_rustup(other_way)) {
        Ok(()) => Ok(Compiler::default()),
        Err(failure) if other_way => {
            note(&format!("{failure}; trying Debian's compiler instead"));
            step("Rust for WebAssembly (Debian's compiler)", debian_wasm::install)
        }
        Err(failure) => {
            fail(format!("Rust's target {TARGET} is missing and can't be installed: {failure}"))
        }
    }
}

fn install_with_rustup(other_way: bool) -> Result {
    if which("rustup").is_none() {
        return fail("there is no rustup");
    }
    let limit = if other_way { RUSTUP_TIMEOUT_WITH_FALLBACK } else { RUSTUP_TIMEOUT };
    run_within(
        command("rustup").args(["target", "add", TARGET]).env("RUST_BACKTRACE", "0"),
        limit,
    )?;
    if has_std(&sysroot(Path::new("rustc"))?) {
        Ok(())
    } else {
        fail(format!("rustup installed no {TARGET}"))
    }
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
