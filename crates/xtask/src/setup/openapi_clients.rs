//! Third-party tools that read an OpenAPI document: a linter and generators of clients.

use std::fs;
use std::path::PathBuf;

use super::npm;
use super::python::{self, PythonEnvironment};
use crate::paths;
use crate::process::Result;

/// The installed tools.
pub struct Tools {
    /// The folder whose `node_modules` has Redocly CLI, openapi-typescript and TypeScript.
    pub npm_folder: PathBuf,
    /// The program `openapi-python-client`.
    pub python_generator: PathBuf,
    /// A Python that has what generated clients import.
    pub python: PathBuf,
}

/// Installs the tools in the versions of their lock files.
pub fn ensure() -> Result<Tools> {
    npm::check()?;
    let npm_folder = paths::tools().join("openapi-clients");
    fs::create_dir_all(&npm_folder)?;
    fs::write(npm_folder.join("package.json"), include_str!("../../openapi-clients/package.json"))?;
    let lock = include_str!("../../openapi-clients/package-lock.json");
    fs::write(npm_folder.join("package-lock.json"), lock)?;
    npm::install("OpenAPI tools of npm", &npm_folder)?;
    let python_generator = python::ensure(&PythonEnvironment {
        title: "openapi-python-client",
        name: "openapi-python-client",
        version: "0.29.1",
        packages: include_str!("../../openapi-clients/requirements.txt"),
        program: "openapi-python-client",
    })?;
    let python = python_generator.with_file_name(format!("python{}", std::env::consts::EXE_SUFFIX));
    Ok(Tools { npm_folder, python_generator, python })
}
