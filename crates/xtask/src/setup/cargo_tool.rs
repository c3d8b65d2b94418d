//! Tools installed by `cargo install`.

use std::fs;
use std::path::PathBuf;

use crate::paths;
use crate::process::{Result, cargo, command, output, run, which};
use crate::progress::{ready, step};

/// An exact version of a program from the crate registry.
pub struct CargoTool<'a> {
    /// The program's name.
    pub program: &'a str,
    /// The crate that contains it.
    pub package: &'a str,
    /// The version, as `program --version` prints it after the name.
    pub version: &'a str,
    /// Further arguments for `cargo install`.
    pub args: &'a [&'a str],
    /// Whether it supports `--version`. Otherwise it is taken only from the tool folder.
    pub reports_version: bool,
}

impl CargoTool<'_> {
    /// Returns the program's path: in the tool folder or on `PATH` if the version matches, else newly
    /// installed.
    pub fn ensure(&self) -> Result<PathBuf> {
        let home = paths::tool(self.program, self.version);
        let own =
            home.join("bin").join(format!("{}{}", self.program, std::env::consts::EXE_SUFFIX));
        let title = format!("{} {}", self.program, self.version);
        let elsewhere = if self.reports_version { which(self.program) } else { None };
        for candidate in [Some(own.clone()), elsewhere].into_iter().flatten() {
            if self.has_version(&candidate) {
                ready(&title);
                return Ok(candidate);
            }
        }
        step(&title, || {
            let work = paths::tools().join("build");
            // Optimising these programs would take longer than running them unoptimised.
            run(cargo()
                .args(["install", "--quiet", "--force", "--version", self.version])
                .args(self.args)
                .arg("--root")
                .arg(&home)
                .arg(self.package)
                .env("CARGO_PROFILE_RELEASE_LTO", "off")
                .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
                .env("CARGO_PROFILE_RELEASE_DEBUG", "0")
                .env("CARGO_TARGET_DIR", &work))?;
            Ok(fs::remove_dir_all(&work)?)
        })?;
        Ok(own)
    }

    fn has_version(&self, program: &PathBuf) -> bool {
        if !self.reports_version {
            return program.exists();
        }
        let wanted = format!("{} {}", self.program, self.version);
        output(command(program).arg("--version")).is_ok_and(|answer| answer == wanted)
    }
}
