//! Direction of imports between the folders of this crate, checked by a test.
//!
//! `app → pages → components → core → api → browser`: a folder uses those to its right and nothing to its left.
//! `cargo xtask test lint` checks that there are no circles inside of them.

use std::fs;
use std::path::{Path, PathBuf};

/// The folders, lowest first.
const LAYERS: [&str; 6] = ["browser", "api", "core", "components", "pages", "app"];

/// Macros are at the root of the crate; this is the folder that each belongs to.
const MACROS: [(&str, &str); 6] = [
    ("tr", "core"),
    ("tl", "core"),
    ("enum_options", "components"),
    ("page", "app"),
    ("chunk", "app"),
    ("lazy_view", "components"),
];

#[test]
fn imports_point_downwards_only() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut wrong = Vec::new();
    for (own, folder) in LAYERS.iter().enumerate() {
        for file in files_below(&root.join(folder)) {
            let source = fs::read_to_string(&file).expect("a readable file");
            for name in names_below_crate(&without_comments(&source)) {
                if layer_of(name).is_some_and(|layer| layer > own) {
                    let file = file.strip_prefix(&root).unwrap_or(&file).display();
                    wrong.push(format!("{file} uses {name}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{LAYERS:?}, lowest first:\n{}", wrong.join("\n"));
}

#[test]
fn every_kind_of_path_is_found() {
    let source =
        "use crate::core::list;\nuse crate::{\n    api, pages::{a, b}, tr\n};\n// crate::app\n";
    let code = without_comments(source);
    let found: Vec<&str> = names_below_crate(&code).collect();
    assert_eq!(found, ["core", "api", "pages", "tr"]);
}

fn layer_of(name: &str) -> Option<usize> {
    let folder = MACROS.iter().find(|(macro_name, _)| *macro_name == name);
    let folder = folder.map_or(name, |(_, folder)| *folder);
    LAYERS.iter().position(|layer| *layer == folder)
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("a readable entry").path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.push(path);
        }
    }
    files
}

fn without_comments(source: &str) -> String {
    let code = source.lines().filter(|line| !line.trim_start().starts_with("//"));
    code.collect::<Vec<_>>().join("\n")
}

/// Returns the first name of every path that begins with `crate::`, also of those in braces.
fn names_below_crate(code: &str) -> impl Iterator<Item = &str> {
    code.split("crate::").skip(1).flat_map(|path| match path.strip_prefix('{') {
        Some(branches) => top_level(branches),
        None => vec![first_word(path)],
    })
}

/// Returns the first name of each branch in braces, without those in inner braces.
fn top_level(branches: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let (mut depth, mut start) = (0_u32, 0);
    for (at, letter) in branches.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                names.push(first_word(branches[start..at].trim()));
                start = at + 1;
                if letter == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    names
}

fn first_word(text: &str) -> &str {
    text.split(|letter: char| !letter.is_alphanumeric() && letter != '_').next().unwrap_or(text)
}
