//! Installation of libfaketime, which shifts the clock of a process; without it one trial is skipped.

use std::path::Path;

use crate::apt;
use crate::progress::{note, ready, step};

const TITLE: &str = "libfaketime";
const FOLDERS: [&str; 3] = [
    "/usr/lib/faketime",
    "/usr/lib/x86_64-linux-gnu/faketime",
    "/usr/lib/aarch64-linux-gnu/faketime",
];

/// Installs it if possible.
pub fn ensure() {
    if FOLDERS.iter().any(|folder| Path::new(folder).is_dir()) {
        return ready(TITLE);
    }
    if let Err(failure) = step(TITLE, || apt::install(&["faketime"])) {
        note(&format!("no trial with a moved clock: {failure}"));
    }
}
