//! Vocabulary check: words that docs/GLOSSARY.md lists under "We do not say" must not be a part of file
//! names and identifiers.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::paths;
use crate::process::{Result, fail};

const GLOSSARY: &str = "docs/GLOSSARY.md";
const HEADING: &str = "## We say, we do not say";
const SOURCES: [&str; 2] = ["crates", "frontend"];
const SKIPPED_FOLDERS: [&str; 5] = ["node_modules", "dist", "target", "results", "snapshots"];
const MAX_REPORTED: usize = 40;

/// Fails with the places where a forbidden word stands.
pub fn check() -> Result {
    let forbidden = forbidden_words(&fs::read_to_string(paths::root().join(GLOSSARY))?);
    if forbidden.is_empty() {
        return fail(format!("{GLOSSARY} has no words below \"{HEADING}\""));
    }
    let mut found = BTreeSet::new();
    for folder in SOURCES {
        visit(&paths::root().join(folder), &forbidden, &mut found)?;
    }
    if found.is_empty() {
        return Ok(());
    }
    let more = found.len().saturating_sub(MAX_REPORTED);
    let mut report = found.into_iter().take(MAX_REPORTED).collect::<Vec<_>>().join("\n  ");
    if more > 0 {
        report.push_str(&format!("\n  and {more} more"));
    }
    fail(format!("see the last table of {GLOSSARY}\n  {report}"))
}

/// The words in backticks of the second column.
fn forbidden_words(glossary: &str) -> Vec<String> {
    let table = glossary.split_once(HEADING).map_or("", |(_, table)| table);
    let cells = table.lines().filter_map(|line| line.strip_prefix('|')?.split('|').nth(1));
    cells
        .flat_map(|cell| cell.split('`').skip(1).step_by(2))
        .map(|word| format!("_{word}_"))
        .collect()
}

fn visit(folder: &Path, forbidden: &[String], found: &mut BTreeSet<String>) -> Result {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            if !SKIPPED_FOLDERS.contains(&name.as_str()) {
                visit(&path, forbidden, found)?;
            }
            continue;
        }
        let source = match path.extension().and_then(|extension| extension.to_str()) {
            Some("rs") => fs::read_to_string(&path)?,
            Some("ts" | "mjs" | "py" | "json" | "css") => String::new(),
            _ => continue,
        };
        let place = path.strip_prefix(paths::root()).unwrap_or(&path).display();
        let stem = name.split('.').next().unwrap_or(&name);
        for identifier in identifiers(&source).chain([stem]) {
            if let Some(word) = forbidden_in(identifier, forbidden) {
                found.insert(format!("{place}: `{identifier}` contains `{word}`"));
            }
        }
    }
    Ok(())
}

fn forbidden_in<'a>(identifier: &str, forbidden: &'a [String]) -> Option<&'a str> {
    let words = format!("_{}_", snake_case(identifier));
    let found = forbidden.iter().find(|word| words.contains(word.as_str()))?;
    Some(found.trim_matches('_'))
}

/// `GrabIt`, `grabIt`, `grab-it` and `GRAB_IT` become `grab_it`.
fn snake_case(identifier: &str) -> String {
    let mut snake = String::with_capacity(identifier.len() + 4);
    let mut after_lower = false;
    for letter in identifier.chars() {
        if letter.is_ascii_uppercase() && after_lower {
            snake.push('_');
        }
        after_lower = letter.is_ascii_lowercase() || letter.is_ascii_digit();
        snake.push(if letter == '-' { '_' } else { letter.to_ascii_lowercase() });
    }
    snake
}

/// The identifiers of Rust code, without those in line comments and in strings on one line.
fn identifiers(source: &str) -> impl Iterator<Item = &str> {
    source.lines().flat_map(|line| {
        let code = line.split("//").next().unwrap_or_default();
        // Every second part between quotation marks is a string.
        code.split('"').step_by(2).flat_map(|part| {
            part.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
                .filter(|word| word.starts_with(|letter: char| !letter.is_ascii_digit()))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "## We say, we do not say\n| We say | We do not say |\n|---|---|\n| claim | `grab_it`, `snatch` |\n";

    #[test]
    fn forbidden_words_are_found_in_every_spelling() {
        let forbidden = forbidden_words(TABLE);
        for name in ["grab_it", "GrabIt", "GRAB_IT_SECONDS", "grab-it", "grabbed_by_snatch"] {
            assert!(forbidden_in(name, &forbidden).is_some(), "{name}");
        }
        for name in ["grab", "grab_item", "regrab_it", "snatched", "claim"] {
            assert!(forbidden_in(name, &forbidden).is_none(), "{name}");
        }
    }

    #[test]
    fn comments_and_strings_are_not_identifiers() {
        let source = "let name = \"grab_it\"; // grab_it\n/// grab_it\nfn claim() {}";
        let found: Vec<&str> = identifiers(source).filter(|word| word.len() > 2).collect();
        assert_eq!(found, ["let", "name", "claim"]);
    }
}
