//! Debian's Rust compiler with a WebAssembly standard library built from Debian's source package.
//!
//! For machines that reach Debian's packages but not rustup's downloads. It is used for the browser
//! application only, beside rustup's toolchain.

use std::fs;
use std::path::{Path, PathBuf};

use super::wasm_target::{Compiler, TARGET, has_std, library_dir, sysroot};
use crate::process::{Result, command, fail, output, run, which};
use crate::{apt, paths};

const PACKAGES: [&str; 3] = ["rustc-web", "cargo-web", "rust-web-src"];
const RUSTC: &str = "/usr/bin/rustc";
const CARGO: &str = "/usr/bin/cargo";

/// File with the version of the compiler that built the standard library. After an upgrade of the
/// compiler the library has to be built again.
const VERSION_FILE: &str = ".isp-std-version";

/// Returns the compiler if it is installed with a matching standard library.
pub fn find() -> Option<Compiler> {
    let rustc = Path::new(RUSTC);
    if !rustc.exists() || !Path::new(CARGO).exists() {
        return None;
    }
    let sysroot = sysroot(rustc).ok()?;
    let built_with = fs::read_to_string(library_dir(&sysroot).join(VERSION_FILE)).ok()?;
    if !has_std(&sysroot) || built_with.trim() != version().ok()? {
        return None;
    }
    compiler().ok()
}

/// Whether this system can install it.
pub fn is_supported() -> bool {
    cfg!(target_os = "linux") && which("apt-get").is_some()
}

/// Installs the packages and builds the standard library.
pub fn install() -> Result<Compiler> {
    apt::install(&PACKAGES)?;
    let work = paths::tools().join("wasm-std");
    if work.exists() {
        fs::remove_dir_all(&work)?;
    }
    build(&work)?;
    install_std(&work)?;
    fs::remove_dir_all(&work)?;
    // Artifacts compiled against another standard library fail with "can't find crate".
    if paths::spa_target().exists() {
        fs::remove_dir_all(paths::spa_target())?;
    }
    compiler()
}

fn build(work: &Path) -> Result {
    fs::create_dir_all(work.join("src"))?;
    fs::write(
        work.join("Cargo.toml"),
        "[package]\nname = \"seed\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\n[workspace]\n",
    )?;
    fs::write(work.join("src/lib.rs"), "")?;
    run(command(CARGO)
        .current_dir(work)
        .args(["build", "--quiet", "--release", "-Zbuild-std=std,panic_abort", "--target", TARGET])
        .env("RUSTC", RUSTC)
        .env("RUSTC_BOOTSTRAP", "1")
        // Link-time optimisation needs the bitcode of the standard library.
        .env("RUSTFLAGS", "-Cembed-bitcode=yes")
        .env("CARGO_TARGET_DIR", work.join("target"))
        .env_remove("RUSTUP_TOOLCHAIN"))
}

fn install_std(work: &Path) -> Result {
    let library = library_dir(&sysroot(Path::new(RUSTC))?);
    let mut rlibs = Vec::new();
    for entry in fs::read_dir(work.join("target").join(TARGET).join("release/deps"))? {
        let path = entry?.path();
        let is_rlib = path.extension().is_some_and(|extension| extension == "rlib");
        let is_seed =
            path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("libseed"));
        if is_rlib && !is_seed {
            rlibs.push(path);
        }
    }
    let version_file = work.join(VERSION_FILE);
    fs::write(&version_file, version()?)?;
    // Two versions side by side would be ambiguous.
    run(apt::as_root("rm")?.arg("-rf").arg(&library))?;
    run(apt::as_root("install")?
        .args(["-m", "644", "-D", "-t"])
        .arg(&library)
        .args(rlibs)
        .arg(version_file))
}

fn compiler() -> Result<Compiler> {
    Ok(Compiler {
        path: vec![programs()?],
        unset: vec!["RUSTUP_TOOLCHAIN", "RUSTC", "RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS"],
        linker: Some(linker()?),
    })
}

/// Creates a folder with links to this compiler's programs, to precede rustup's on `PATH`.
fn programs() -> Result<PathBuf> {
    let dir = paths::tools().join("debian-rust").join("bin");
    fs::create_dir_all(&dir)?;
    for (name, program) in [("rustc", RUSTC), ("cargo", CARGO)] {
        let link = dir.join(name);
        if !link.exists() {
            symlink(Path::new(program), &link)?;
        }
    }
    Ok(dir)
}

#[cfg(unix)]
fn symlink(program: &Path, link: &Path) -> Result {
    Ok(std::os::unix::fs::symlink(program, link)?)
}

#[cfg(not(unix))]
fn symlink(_program: &Path, _link: &Path) -> Result {
    fail("Debian's compiler is for Debian")
}

/// Finds a WebAssembly linker: Debian's compiler has none, rustup's toolchains include one.
fn linker() -> Result<PathBuf> {
    let sysroot = sysroot(Path::new("rustc"))?;
    let toolchains = sysroot.parent().map(subfolders).unwrap_or_default();
    let own = std::iter::once(sysroot)
        .chain(toolchains)
        .flat_map(|toolchain| subfolders(&toolchain.join("lib/rustlib")))
        .map(|host| host.join("bin").join("rust-lld"))
        .find(|program| program.is_file());
    match own.or_else(|| which("wasm-ld")) {
        Some(linker) => Ok(linker),
        None => {
            fail("a linker for WebAssembly is missing (rust-lld of a rustup toolchain, or wasm-ld)")
        }
    }
}

fn subfolders(dir: &Path) -> Vec<PathBuf> {
    fs::read_dir(dir)
        .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
        .unwrap_or_default()
}

fn version() -> Result<String> {
    output(command(RUSTC).arg("--version"))
}
