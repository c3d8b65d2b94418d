//! Rust compiler for WebAssembly: rustup's, or Debian's where rustup can't download.

use std::path::Path;
use std::time::Duration;

use super::debian_wasm;
use super::wasm_target::{Compiler, TARGET, has_std, sysroot};
use crate::process::{Result, command, fail, run_within, which};
use crate::progress::{note, ready, step};

/// Time limits for rustup: short if Debian's compiler is an alternative, else long.
const RUSTUP_TIMEOUT_WITH_FALLBACK: Duration = Duration::from_secs(60);
const RUSTUP_TIMEOUT: Duration = Duration::from_secs(1800);

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
