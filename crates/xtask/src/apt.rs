//! Installation of Debian packages by apt-get.

use std::io::IsTerminal;
use std::process::Command;

use crate::process::{Result, command, fail, output, run, which};

/// Installs these packages.
pub fn install(packages: &[&str]) -> Result {
    if which("apt-get").is_none() {
        return fail(format!("no apt-get here to install {}", packages.join(", ")));
    }
    let install = || {
        let mut apt = as_root("apt-get")?;
        apt.args(["install", "-y", "-qq", "--no-install-recommends"]).args(packages);
        run(&mut apt)
    };
    // The package lists of a fresh machine are often missing or out of date.
    run(as_root("apt-get")?.args(["update", "-qq"])).and_then(|()| install())
}

/// A command that runs as root: directly, or by sudo, which may ask for a password only at a terminal.
pub fn as_root(program: &str) -> Result<Command> {
    let root = output(command("id").arg("-u")).is_ok_and(|id| id == "0");
    let mut prepared = if root {
        command(program)
    } else if which("sudo").is_some() {
        let mut sudo = command("sudo");
        if !std::io::stdin().is_terminal() {
            sudo.arg("-n");
        }
        sudo.arg("env").arg("DEBIAN_FRONTEND=noninteractive").arg(program);
        sudo
    } else {
        return fail(format!("`{program}` needs root, and there is no sudo"));
    };
    prepared.env("DEBIAN_FRONTEND", "noninteractive");
    Ok(prepared)
}
