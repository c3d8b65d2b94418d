//! aiogram, a client library for Telegram in Python: the second opinion on our stand-in for Telegram.

use std::path::PathBuf;

use super::python::{self, PythonEnvironment};
use crate::process::Result;

/// The Python that has it.
pub fn ensure() -> Result<PathBuf> {
    python::ensure(&PythonEnvironment {
        title: "aiogram",
        name: "aiogram",
        version: "3.31.0",
        packages: include_str!("../../aiogram.txt"),
        program: "python",
    })
}
