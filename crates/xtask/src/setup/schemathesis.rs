//! Schemathesis, which tries the API from its OpenAPI document.

use std::path::PathBuf;

use super::python::{self, PythonEnvironment};
use crate::process::Result;

/// The program `st`.
pub fn ensure() -> Result<PathBuf> {
    python::ensure(&PythonEnvironment {
        title: "Schemathesis",
        name: "schemathesis",
        version: "4.32.5",
        packages: include_str!("../../schemathesis.txt"),
        program: "st",
    })
}
