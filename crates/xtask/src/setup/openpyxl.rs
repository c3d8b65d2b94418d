//! Installation of openpyxl, a library for Python that writes and reads spreadsheets.

use std::path::PathBuf;

use super::python::{self, PythonEnvironment};
use crate::process::Result;

/// Returns the Python interpreter that has it.
pub fn ensure() -> Result<PathBuf> {
    python::ensure(&PythonEnvironment {
        title: "openpyxl",
        name: "openpyxl",
        version: "3.1.5",
        packages: include_str!("../../spreadsheets/requirements.txt"),
        program: "python",
    })
}
