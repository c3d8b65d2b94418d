//! Installation of aiogram, a Telegram library for Python that checks the Telegram fake.

use std::path::PathBuf;

use super::python::{self, PythonEnvironment};
use crate::process::Result;

/// Returns the Python interpreter that has it.
pub fn ensure() -> Result<PathBuf> {
    python::ensure(&PythonEnvironment {
        title: "aiogram",
        name: "aiogram",
        version: "3.31.0",
        packages: include_str!("../../aiogram.txt"),
        program: "python",
    })
}
