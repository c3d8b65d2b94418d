//! Installation of the tools that commands need. Tools that are present are left alone.

pub mod aiogram;
mod binaryen;
pub mod cargo_deny;
mod cargo_tool;
pub mod chromium;
mod debian_wasm;
pub mod faketime;
pub mod npm;
pub mod openapi_clients;
pub mod openpyxl;
pub mod postgres;
mod python;
mod rust_wasm;
pub mod schemathesis;
mod trunk;
mod wasm_bindgen;
mod wasm_split_cli;
mod wasm_target;

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process::{Failure, Result, command};
use crate::{paths, wasm_split};

/// The tools that build the browser application.
pub struct Frontend {
    compiler: wasm_target::Compiler,
    trunk: PathBuf,
    wasm_bindgen: PathBuf,
    binaryen: binaryen::Binaryen,
    wasm_split: PathBuf,
}

/// Installs everything that building the browser application needs.
pub fn frontend() -> Result<Frontend> {
    npm::check()?;
    npm::packages()?;
    Ok(Frontend {
        compiler: rust_wasm::ensure()?,
        trunk: trunk::ensure()?,
        wasm_bindgen: wasm_bindgen::ensure()?,
        binaryen: binaryen::ensure()?,
        wasm_split: wasm_split_cli::ensure()?,
    })
}

/// Installs everything that any command needs.
pub fn everything() -> Result {
    frontend()?;
    cargo_deny::ensure()?;
    postgres::ensure()?;
    chromium::ensure()?;
    schemathesis::ensure()?;
    aiogram::ensure()?;
    openapi_clients::ensure()?;
    Ok(())
}

impl Frontend {
    /// Trunk, with the tools that it calls first on `PATH`, printing only warnings.
    pub fn trunk(&self) -> Result<Command> {
        let mut trunk = self.prepared(&self.trunk)?;
        trunk.env("RUST_LOG", "warn").env("RUST_BACKTRACE", "0");
        Ok(trunk)
    }

    /// Trunk, building for release with one chunk per page.
    pub fn trunk_release(&self) -> Result<Command> {
        let mut trunk = self.trunk()?;
        let tools = wasm_split::SplitTools {
            path: self.path()?,
            wasm_bindgen: &self.wasm_bindgen,
            splitter: &self.wasm_split,
            binaryen: &self.binaryen.scripts,
        };
        wasm_split::configure_trunk(&mut trunk, &tools)?;
        trunk.args(["build", "--release", "--features", "split"]);
        Ok(trunk)
    }

    /// The cargo that can compile for the browser.
    pub fn cargo(&self) -> Result<Command> {
        self.prepared(Path::new("cargo"))
    }

    fn prepared(&self, program: &Path) -> Result<Command> {
        let mut prepared = command(program);
        prepared.env("PATH", self.path()?).env("CARGO_TARGET_DIR", paths::spa_target());
        for name in &self.compiler.unset {
            prepared.env_remove(name);
        }
        if let Some(linker) = &self.compiler.linker {
            prepared.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
        }
        Ok(prepared)
    }

    fn path(&self) -> Result<OsString> {
        let inherited = env::var_os("PATH").unwrap_or_default();
        let dirs = self
            .compiler
            .path
            .iter()
            .map(PathBuf::as_path)
            .chain(self.wasm_bindgen.parent())
            .chain([self.binaryen.bin.as_path()])
            .map(PathBuf::from)
            .chain(env::split_paths(&inherited));
        env::join_paths(dirs)
            .map_err(|error| Failure::new(format!("PATH can't be extended: {error}")))
    }
}
