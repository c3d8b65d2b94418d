//! The trials, one module per kind of fault.

mod clock;
mod disk;
mod imports;
mod kills;
mod login_flood;
mod missing_files;
mod sockets;

use std::path::Path;
use std::process::Command;

use crate::Trial;

/// Runs every scenario whose name contains `only`.
pub async fn run(trial: &mut Trial, only: &str) {
    let wanted = |name: &str| name.contains(only);
    if wanted("kills") {
        kills::sqlite(trial).await;
        kills::postgres(trial).await;
    }
    if wanted("snapshots") {
        kills::snapshots(trial).await;
    }
    if wanted("disk") {
        disk::full(trial).await;
        disk::read_only(trial).await;
        disk::full_postgres(trial).await;
    }
    if wanted("vanished") {
        missing_files::files(trial).await;
        missing_files::photo_folder(trial).await;
    }
    if wanted("imports") {
        imports::import_beside_writers(trial).await;
        imports::largest_workbook(trial).await;
    }
    if wanted("clock") {
        clock::jumps(trial).await;
    }
    if wanted("flood") {
        login_flood::sign_in(trial).await;
    }
    if wanted("sockets") {
        sockets::slow_readers(trial).await;
        sockets::stop_with_many(trial).await;
    }
}

/// Whether this process may mount file systems.
fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output();
    output.is_ok_and(|output| output.stdout.starts_with(b"0\n"))
}

/// A small tmpfs, unmounted when it is dropped.
struct SmallDisk<'a>(&'a Path);

impl<'a> SmallDisk<'a> {
    fn mount(folder: &'a Path, megabytes: u32) -> crate::Result<Self> {
        if !is_root() {
            return Err("not tried: mounting needs root".into());
        }
        let size = format!("size={megabytes}m");
        run_program(&["mount", "-t", "tmpfs", "-o", &size, "tmpfs", &folder.to_string_lossy()])?;
        Ok(Self(folder))
    }
}

impl Drop for SmallDisk<'_> {
    fn drop(&mut self) {
        // Lazily, because a killed process may still hold a file.
        let _ = run_program(&["umount", "-l", &self.0.to_string_lossy()]);
    }
}

fn run_program(words: &[&str]) -> crate::Result {
    let output = Command::new(words[0]).args(&words[1..]).output();
    let output = output.map_err(|error| format!("{}: {error}", words[0]))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{}: {}", words.join(" "), String::from_utf8_lossy(&output.stderr).trim()))
}
