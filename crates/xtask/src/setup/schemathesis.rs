//! Installation of Schemathesis, which fuzzes the API from its OpenAPI document.

use std::path::PathBuf;

use super::python::{self, PythonEnvironment};
use crate::process::Result;

/// Returns the program `st`.
pub fn ensure() -> Result<PathBuf> {
    python::ensure(&PythonEnvironment {
        title: "Schemathesis",
        name: "schemathesis",
        version: "4.32.5",
        packages: include_str!("../../schemathesis.txt"),
        program: "st",
    })
}
