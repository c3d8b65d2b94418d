//! Existence of the tests named in docs/SECURITY.md.

use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn document() -> String {
    std::fs::read_to_string(root().join("docs/SECURITY.md")).unwrap()
}

/// Returns file and name of each test that the document mentions.
fn named(document: &str) -> Vec<(&str, &str)> {
    let quoted = document.split('`').skip(1).step_by(2);
    quoted.filter_map(|text| text.split_once(".rs::")).collect()
}

fn source(file: &str) -> Option<String> {
    let file = format!("{file}.rs");
    let places = [root().join("crates/server/tests/suite").join(&file), root().join(&file)];
    places.iter().find_map(|place| std::fs::read_to_string(place).ok())
}

#[test]
fn every_test_named_in_the_document_exists() {
    let document = document();
    let named = named(&document);
    assert!(named.len() > 60, "only {} names were understood", named.len());
    let missing = |(file, name): &&(&str, &str)| {
        !source(file).is_some_and(|source| source.contains(&format!("fn {name}(")))
    };
    let missing: Vec<_> = named.iter().filter(missing).collect();
    assert!(missing.is_empty(), "docs/SECURITY.md names tests that are not there: {missing:#?}");
}
