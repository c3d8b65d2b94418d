//! Direction of imports, checked by tests.
//!
//! `app → pages → components → core → api → browser`: a folder uses those to its right and nothing to its left. Within
//! a folder no two files import each other, not even by way of others.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The folders, lowest first.
const LAYERS: [&str; 6] = ["browser", "api", "core", "components", "pages", "app"];

/// Macros stand at the root of the crate; this is the file that each belongs to.
const MACROS: [(&str, [&str; 2]); 4] = [
    ("tr", ["core", "i18n"]),
    ("tl", ["core", "i18n"]),
    ("enum_options", ["components", "field"]),
    ("page", ["app", "lazy_page"]),
];

type Module = Vec<String>;

#[test]
fn imports_point_downwards_only() {
    let mut wrong = Vec::new();
    for (module, imports) in modules() {
        let Some(own) = module.first().and_then(|folder| layer(folder)) else { continue };
        for import in imports {
            let target = import.first().and_then(|folder| layer(folder));
            if target.is_some_and(|target| target > own) {
                wrong.push(format!("{} uses {}", module.join("::"), import.join("::")));
            }
        }
    }
    assert!(wrong.is_empty(), "{LAYERS:?}, lowest first:\n{}", wrong.join("\n"));
}

#[test]
fn no_two_files_import_each_other() {
    let modules = modules();
    let mut graph = BTreeMap::<&Module, BTreeSet<&Module>>::new();
    for (module, imports) in &modules {
        let files = imports.iter().filter_map(|import| file_of(&modules, import));
        graph.insert(module, files.filter(|file| *file != module).collect());
    }
    // Files without imports are removed until only circles, and what leads to them, are left.
    while let Some(leaf) = graph.iter().find(|(_, files)| files.is_empty()).map(|(leaf, _)| *leaf) {
        graph.remove(leaf);
        graph.values_mut().for_each(|files| {
            files.remove(leaf);
        });
    }
    let circles: Vec<String> = graph
        .iter()
        .map(|(module, files)| {
            let files: Vec<String> = files.iter().map(|file| file.join("::")).collect();
            format!("{} imports {}", module.join("::"), files.join(", "))
        })
        .collect();
    assert!(circles.is_empty(), "circles, and what leads to them:\n{}", circles.join("\n"));
}

fn layer(folder: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| *layer == folder)
}

/// Returns the longest prefix of an import that is a file.
fn file_of<'a>(
    modules: &'a BTreeMap<Module, Vec<Module>>,
    import: &[String],
) -> Option<&'a Module> {
    let prefixes = (1..=import.len()).rev().map(|length| import[..length].to_vec());
    prefixes.into_iter().find_map(|prefix| modules.get_key_value(&prefix)).map(|(module, _)| module)
}

/// Returns every module with the paths that its file imports.
fn modules() -> BTreeMap<Module, Vec<Module>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&root, &mut files);
    let mut modules = BTreeMap::new();
    for file in files {
        let path = file.strip_prefix(&root).expect("below the root").with_extension("");
        let mut module: Module =
            path.iter().map(|part| part.to_string_lossy().into_owned()).collect();
        if module.last().is_some_and(|name| name == "mod") {
            module.pop();
        }
        let source = fs::read_to_string(&file).expect("a readable file");
        let imports = imports(&source, &module);
        modules.insert(module, imports);
    }
    modules
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("a readable entry").path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// Returns the paths that begin with `crate`, `self` or `super`, from the root of the crate.
fn imports(source: &str, module: &Module) -> Vec<Module> {
    let lines = source.lines().take_while(|line| !line.starts_with("#[cfg(test)]"));
    let code: String = lines
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| [line, "\n"])
        .collect();
    let mut found = Vec::new();
    for (start, _) in code.match_indices("::") {
        let head = code[..start].rsplit(|c: char| !is_word(c)).next().unwrap_or_default();
        let before = code[..start - head.len()].chars().next_back();
        if matches!(head, "crate" | "self" | "super") && before != Some(':') {
            expand(&code[start - head.len()..], Vec::new(), &mut found);
        }
    }
    found.into_iter().map(|path| absolute(path, module)).collect()
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Reads one path with all branches of a `{…}`; returns what follows it.
fn expand<'a>(mut text: &'a str, mut path: Module, found: &mut Vec<Module>) -> &'a str {
    loop {
        text = text.trim_start();
        if let Some(branches) = text.strip_prefix('{') {
            text = branches;
            while !text.trim_start().starts_with('}') {
                text = expand(text, path.clone(), found).trim_start();
                text = text.strip_prefix(',').unwrap_or(text);
            }
            return &text.trim_start()[1..];
        }
        let end = text.find(|c| !is_word(c)).unwrap_or(text.len());
        path.push(text[..end].to_owned());
        text = &text[end..];
        match text.strip_prefix("::").filter(|rest| rest.starts_with(|c| is_word(c) || c == '{')) {
            Some(rest) => text = rest,
            None => {
                found.push(path);
                // An alias belongs to the path.
                return text.find([',', '}', ';']).map_or("", |at| &text[at..]);
            }
        }
    }
}

fn absolute(path: Module, module: &Module) -> Module {
    let mut base = match path[0].as_str() {
        "crate" => Vec::new(),
        _ => module.clone(),
    };
    let rest = path.iter().skip_while(|part| {
        if *part == "super" {
            base.pop();
        }
        matches!(part.as_str(), "crate" | "self" | "super")
    });
    let rest: Module = rest.cloned().collect();
    match rest.first().and_then(|first| MACROS.iter().find(|(name, _)| first == name)) {
        Some((_, file)) if base.is_empty() => file.map(str::to_owned).to_vec(),
        _ => [base, rest].concat(),
    }
}
