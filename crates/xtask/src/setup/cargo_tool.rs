//! Programs that `cargo install` brings.

use std::fs;
use std::path::PathBuf;

use crate::paths;
use crate::process::{Result, cargo, command, output, run, which};
use crate::progress::{ready, step};

/// A program from the crate registry, in exactly one version.
pub struct CargoTool<'a> {
    /// The program's name.
    pub program: &'a str,
    /// The crate that brings it.
    pub package: &'a str,
    /// The version, as `program --version` prints it after the name.
    pub version: &'a str,
    /// More arguments for `cargo install`.
    pub args: &'a [&'a str],
    /// Whether it knows `--version`. One that does not is taken only from its own folder.
    pub reports_version: bool,
}

impl CargoTool<'_> {
    /// The program's path: from PATH or the tool folder if the version is right, else freshly installed.
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
            // Optimising these programs takes longer than they ever run.
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
