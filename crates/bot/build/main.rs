//! Turns `locales/<language>.json` into checked code. A language is one file, named like its entry in
//! `shared::Lang`; a language without a file, or a file without a language, does not compile.

#![allow(clippy::print_stdout, reason = "a build script talks to cargo on standard output")]

mod catalogue;
mod codegen;

use std::path::{Path, PathBuf};

use catalogue::Catalogue;

/// The language that the others are compared with.
const REFERENCE: &str = "id";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed=locales");
    let languages = load(Path::new("locales"))?;
    let faults = catalogue::check(&languages);
    if !faults.is_empty() {
        faults.iter().for_each(|fault| println!("cargo::error={fault}"));
        return Ok(());
    }
    let target = PathBuf::from(std::env::var("OUT_DIR")?).join("texts.rs");
    Ok(std::fs::write(target, codegen::generate(&languages))?)
}

/// Every catalogue of the folder, the reference first.
fn load(folder: &Path) -> Result<Vec<(String, Catalogue)>, Box<dyn std::error::Error>> {
    let mut languages = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let language = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let json = std::fs::read_to_string(&path)?;
        let read =
            catalogue::parse(&json).map_err(|fault| format!("{}: {fault}", path.display()))?;
        languages.push((language, read));
    }
    languages.sort_by_key(|(language, _)| (language != REFERENCE, language.clone()));
    Ok(languages)
}
