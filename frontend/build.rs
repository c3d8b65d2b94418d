//! Turns the texts of `locales/<language>/<area>.json` into checked code. A new area is a new
//! file of the same name in every language; nothing else has to be registered.

use std::error::Error;
use std::path::PathBuf;

use leptos_i18n_build::{Config, ParseOptions, TranslationsInfos};

const DEFAULT: &str = "id";
const OTHERS: [&str; 1] = ["en"];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=locales");

    let mut areas = Vec::new();
    for entry in std::fs::read_dir(format!("locales/{DEFAULT}"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            areas.extend(path.file_stem().map(|stem| stem.to_string_lossy().into_owned()));
        }
    }
    areas.sort();

    let config = Config::new(DEFAULT)?
        .add_locales(OTHERS)?
        .add_namespaces(areas)?
        .parse_options(ParseOptions::new().interpolate_display(true));
    let texts = TranslationsInfos::parse(config)?;
    texts.emit_diagnostics();
    texts.generate_i18n_module(PathBuf::from(std::env::var("OUT_DIR")?).join("i18n"))?;
    Ok(())
}
