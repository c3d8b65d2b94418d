//! Chromium for the browser tests.

use std::env;
use std::path::PathBuf;

use super::npm::node;
use crate::apt;
use crate::process::{Result, fail, output, run, which};
use crate::progress::{note, ready, step};

const TITLE: &str = "Chromium";
const NAMES: [&str; 5] =
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const MAC: &str = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

/// Returns the path of a Chromium or Chrome. The frontend's npm packages have to be installed.
pub fn ensure() -> Result<PathBuf> {
    if let Some(path) = find() {
        ready(TITLE);
        return Ok(path);
    }
    step(TITLE, || {
        if let Err(failure) = apt::install(&["chromium", "fonts-noto-color-emoji"]) {
            note(&format!("{failure}; downloading Playwright's own instead"));
            run(node().args(["node_modules/@playwright/test/cli.js", "install", "chromium"]))?;
        }
        match find() {
            Some(path) => Ok(path),
            None => fail(
                "a Chromium for the browser tests is missing: install one, or set CHROMIUM_PATH",
            ),
        }
    })
}

fn find() -> Option<PathBuf> {
    let given = env::var_os("CHROMIUM_PATH").map(PathBuf::from);
    given
        .into_iter()
        .chain(NAMES.iter().filter_map(|name| which(name)))
        .chain([PathBuf::from(MAC)])
        .chain(downloaded())
        .find(|path| path.is_file())
}

/// The path of the browser that Playwright downloads, whether or not it exists.
fn downloaded() -> Option<PathBuf> {
    let script =
        "import { chromium } from '@playwright/test'; console.log(chromium.executablePath());";
    output(node().args(["--input-type=module", "--eval", script])).ok().map(PathBuf::from)
}
