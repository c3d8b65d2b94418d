//! Code splitting of the browser application: one lazily loaded chunk per page.
//!
//! Trunk can not split a program, but it takes `wasm-bindgen` from `PATH`. For a release build `PATH`
//! starts with a folder that holds a copy of this program under that name. The copy runs wasm-split-cli on
//! the compiled program and passes only the main part on to the real wasm-bindgen. Trunk's last hook,
//! `frontend/scripts/finish.mjs`, adds the chunks. docs/WASM_SPLITTING.md says what to do when one of
//! these tools is updated.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::paths;
use crate::process::{Result, command, fail, run};

const WASM_BINDGEN: &str = "wasm-bindgen";

/// Environment variables for the copy: the real wasm-bindgen, wasm-split-cli, the folder of Binaryen's
/// programs, and the folder for the chunks.
const WASM_BINDGEN_VAR: &str = "ISP_WASM_BINDGEN";
const SPLITTER_VAR: &str = "ISP_WASM_SPLIT";
const BINARYEN_VAR: &str = "ISP_BINARYEN";
const CHUNKS_VAR: &str = "ISP_PIECES";

/// The programs that splitting needs.
pub struct SplitTools<'a> {
    /// `PATH` without the copy of this program.
    pub path: OsString,
    /// The real wasm-bindgen.
    pub wasm_bindgen: &'a Path,
    /// wasm-split-cli.
    pub splitter: &'a Path,
    /// The folder of Binaryen's programs.
    pub binaryen: &'a Path,
}

/// Sets up a `trunk build` so that it splits the program.
pub fn configure_trunk(trunk: &mut Command, tools: &SplitTools) -> Result {
    let dir = paths::spa_target().join("stand-in");
    fs::create_dir_all(&dir)?;
    let copy = dir.join(format!("{WASM_BINDGEN}{}", env::consts::EXE_SUFFIX));
    fs::copy(env::current_exe()?, copy)?;
    let dirs = std::iter::once(dir).chain(env::split_paths(&tools.path));
    let path = match env::join_paths(dirs) {
        Ok(path) => path,
        Err(error) => return fail(format!("PATH can't be extended: {error}")),
    };
    trunk
        .env("PATH", path)
        .env(WASM_BINDGEN_VAR, tools.wasm_bindgen)
        .env(SPLITTER_VAR, tools.splitter)
        .env(BINARYEN_VAR, tools.binaryen)
        .env(CHUNKS_VAR, paths::spa_target().join("pieces"));
    Ok(())
}

/// Whether this process was started under the name of wasm-bindgen.
pub fn is_called_as_wasm_bindgen() -> bool {
    let name = env::args_os().next();
    name.is_some_and(|name| Path::new(&name).file_stem() == Some(OsStr::new(WASM_BINDGEN)))
}

/// Splits the program and then runs the real wasm-bindgen on its main part.
pub fn run_as_wasm_bindgen() -> Result {
    let (Some(real), Some(splitter), Some(chunks)) =
        (env::var_os(WASM_BINDGEN_VAR), env::var_os(SPLITTER_VAR), env::var_os(CHUNKS_VAR))
    else {
        return fail(format!("{WASM_BINDGEN} stands here only for `cargo xtask`"));
    };
    let mut args: Vec<OsString> = env::args_os().skip(1).collect();
    let program =
        args.iter_mut().find(|arg| Path::new(arg).extension() == Some(OsStr::new("wasm")));
    if let Some(program) = program {
        let chunks = Path::new(&chunks);
        if chunks.exists() {
            fs::remove_dir_all(chunks)?;
        }
        let Some(name) = Path::new(program).file_stem().map(OsStr::to_owned) else {
            return fail(format!("`{}` has no name", program.to_string_lossy()));
        };
        run(command(splitter).arg(&program).arg(chunks).arg("--out-name").arg(&name))?;
        *program = chunks.join(name).with_extension("wasm").into_os_string();
        // The chunks import memory and tables of the main part by name.
        args.extend(["--keep-lld-exports".into(), "--no-demangle".into()]);
    }
    run(command(real).args(args))
}
