//! Compiles the texts of `locales/<language>/<area>.json` into checked code. A new area is a new file of the same
//! name in every language; nothing else has to be registered.

use std::error::Error;
use std::fmt::Write;
use std::path::PathBuf;

use leptos_i18n_parser::parse_locales::options::{Config, ParseOptions};
use leptos_i18n_parser::parse_locales::parse_locales;

const DEFAULT: &str = "id";
const OTHERS: [&str; 1] = ["en"];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=locales");
    if std::env::var_os("CARGO_FEATURE_SPLIT").is_some() {
        // The splitter has to know which function uses which, and a text can move into a page's chunk only if it is a
        // data segment of its own.
        println!("cargo::rustc-link-arg-bins=--emit-relocs");
        println!("cargo::rustc-link-arg-bins=--no-merge-data-segments");
    }

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
    let texts = parse_locales(None, config)?;
    for warning in texts.diag.warnings().iter() {
        println!("cargo::warning={warning}");
    }
    for error in texts.diag.errors().iter() {
        println!("cargo::error={error}");
    }
    // What `leptos_i18n_build` does, without its export of calendars and time zones, which takes minutes to compile.
    let code = leptos_i18n_codegen::gen_code(&texts, None, false, None, false)?;
    let dir = PathBuf::from(std::env::var("OUT_DIR")?).join("i18n");
    std::fs::create_dir_all(&dir)?;
    std::fs::write(dir.join("mod.rs"), code.to_string())?;
    write_audit_fields()
}

/// Writes the lookup of field labels in the audit log: a key of `audit.fields` is the name of the field, with `_` after
/// a name that is a keyword.
fn write_audit_fields() -> Result<(), Box<dyn Error>> {
    let audit = std::fs::read_to_string(format!("locales/{DEFAULT}/audit.json"))?;
    let audit: serde_json::Value = serde_json::from_str(&audit)?;
    let fields = audit["fields"].as_object().ok_or("audit.json: no fields")?;
    let mut code = String::from(
        "/// Returns the label of a field; `None` if it has none.\n\
         fn known_field(code: &str) -> Option<&'static str> {\n    Some(match code {\n",
    );
    for key in fields.keys() {
        let field = key.trim_end_matches('_');
        writeln!(code, "        {field:?} => tr!(audit.fields.{key}),")?;
    }
    code.push_str("        _ => return None,\n    })\n}\n");
    Ok(std::fs::write(PathBuf::from(std::env::var("OUT_DIR")?).join("audit_fields.rs"), code)?)
}
