//! Splitting the browser application into the pieces that its pages are.
//!
//! Trunk can't split, but it takes `wasm-bindgen` from PATH. For a release build this very program stands there
//! under that name: it splits what the compiler made and hands only the main part on to the real wasm-bindgen.
//! `frontend/scripts/post_build.mjs`, which Trunk calls at the end, puts the other pieces beside it.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::paths;
use crate::process::{Result, command, fail, run};

const WASM_BINDGEN: &str = "wasm-bindgen";

/// Where the real wasm-bindgen is, the program that splits, the folder of binaryen's programs, and the folder for the
/// pieces.
const REAL: &str = "ISP_WASM_BINDGEN";
const SPLITTER: &str = "ISP_WASM_SPLIT";
const BINARYEN: &str = "ISP_BINARYEN";
const PIECES: &str = "ISP_CHUNKS";

/// What it takes to split.
pub struct SplitTools<'a> {
    /// PATH for everything but the stand-in.
    pub path: OsString,
    /// The real wasm-bindgen.
    pub wasm_bindgen: &'a Path,
    /// wasm-split-cli.
    pub splitter: &'a Path,
    /// The folder of binaryen's programs.
    pub binaryen: &'a Path,
}

/// Makes a `trunk build` split.
pub fn configure_trunk(trunk: &mut Command, tools: &SplitTools) -> Result {
    let dir = paths::spa_target().join("stand-in");
    fs::create_dir_all(&dir)?;
    let stand_in = dir.join(format!("{WASM_BINDGEN}{}", env::consts::EXE_SUFFIX));
    fs::copy(env::current_exe()?, stand_in)?;
    let dirs = std::iter::once(dir).chain(env::split_paths(&tools.path));
    let path = match env::join_paths(dirs) {
        Ok(path) => path,
        Err(error) => return fail(format!("PATH can't be extended: {error}")),
    };
    trunk
        .env("PATH", path)
        .env(REAL, tools.wasm_bindgen)
        .env(SPLITTER, tools.splitter)
        .env(BINARYEN, tools.binaryen)
        .env(PIECES, paths::spa_target().join("chunks"));
    Ok(())
}

/// Whether this process was started as wasm-bindgen.
pub fn is_called_as_wasm_bindgen() -> bool {
    let name = env::args_os().next();
    name.is_some_and(|name| Path::new(&name).file_stem() == Some(OsStr::new(WASM_BINDGEN)))
}

/// What Trunk asks wasm-bindgen to do, with the program split before.
pub fn run_as_wasm_bindgen() -> Result {
    let (Some(real), Some(splitter), Some(pieces)) =
        (env::var_os(WASM_BINDGEN_VAR), env::var_os(SPLITTER_VAR), env::var_os(CHUNKS_VAR))
    else {
        return fail(format!("{WASM_BINDGEN} stands here only for `cargo xtask`"));
    };
    let mut args: Vec<OsString> = env::args_os().skip(1).collect();
    let program =
        args.iter_mut().find(|arg| Path::new(arg).extension() == Some(OsStr::new("wasm")));
    if let Some(program) = program {
        let pieces = Path::new(&pieces);
        if pieces.exists() {
            fs::remove_dir_all(pieces)?;
        }
        let Some(name) = Path::new(program).file_stem().map(OsStr::to_owned) else {
            return fail(format!("`{}` has no name", program.to_string_lossy()));
        };
        run(command(splitter).arg(&program).arg(pieces).arg("--out-name").arg(&name))?;
        *program = pieces.join(name).with_extension("wasm").into_os_string();
        // The pieces use the memory and the tables of the main part under their own names.
        args.extend(["--keep-lld-exports".into(), "--no-demangle".into()]);
    }
    run(command(real).args(args))
}
