//! Import check: inside a crate neither files nor folders may import each other in a circle.
//!
//! The graph is read from `use` declarations and from paths that begin with `crate`, `super` or `self`.
//! Files that lie directly in `src` do not count as a folder: they are what the folders share.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::paths;
use crate::process::{Result, fail};

/// A module's path below the crate's root: `jobs::sla` is `["jobs", "sla"]`.
type Module = Vec<String>;
type Graph<T> = BTreeMap<T, BTreeSet<T>>;

/// Fails with the files and folders that form a circle.
pub fn check() -> Result {
    let mut circles = Vec::new();
    for entry in fs::read_dir(paths::root().join("crates"))? {
        let source = entry?.path().join("src");
        if source.is_dir() {
            find_circles(&source, &mut circles)?;
        }
    }
    find_circles(&paths::frontend().join("src"), &mut circles)?;
    if circles.is_empty() { Ok(()) } else { fail(format!("circles\n  {}", circles.join("\n  "))) }
}

fn find_circles(source: &Path, found: &mut Vec<String>) -> Result {
    let mut files = BTreeMap::new();
    collect(source, &mut Vec::new(), &mut files)?;
    let graph = import_graph(&files);
    let place = source.strip_prefix(paths::root()).unwrap_or(source).display();
    for circle in circles(&graph) {
        let names: Vec<String> = circle.iter().map(|module| module.join("/")).collect();
        found.push(format!("{place}, files: {}", names.join(" ↔ ")));
    }
    for circle in circles(&folder_graph(&graph, &files)) {
        found.push(format!("{place}, folders: {}", circle.join(" ↔ ")));
    }
    Ok(())
}

/// A file of a module.
struct SourceFile {
    text: String,
    /// Where it lies, below `src`; empty for the root.
    folder: String,
}

fn collect(folder: &Path, module: &mut Module, files: &mut BTreeMap<Module, SourceFile>) -> Result {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            module.push(stem);
            collect(&path, module, files)?;
            module.pop();
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let mut name = module.clone();
            if !matches!(stem.as_str(), "mod" | "lib" | "main") {
                name.push(stem);
            }
            let text = without_tests_and_comments(&fs::read_to_string(&path)?);
            files.insert(name, SourceFile { text, folder: module.join("/") });
        }
    }
    Ok(())
}

fn without_tests_and_comments(source: &str) -> String {
    let code = source.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    code.lines()
        .map(|line| line.split("//").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n")
}

fn import_graph(files: &BTreeMap<Module, SourceFile>) -> Graph<Module> {
    let mut graph = Graph::new();
    for (module, file) in files {
        for path in imported_paths(&file.text) {
            let target = absolute(module, &path).and_then(|path| containing_module(path, files));
            // The root only names the modules; it is no part of a circle.
            if let Some(target) = target.filter(|target| target != module && !target.is_empty()) {
                graph.entry(module.clone()).or_default().insert(target);
            }
        }
    }
    graph
}

/// Every path of the text that may name another module.
fn imported_paths(text: &str) -> Vec<Module> {
    let mut paths = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("::") {
        let before = &rest[..start];
        let from = before.rfind(|letter: char| !letter.is_alphanumeric() && letter != '_');
        let first = &before[from.map_or(0, |at| at + 1)..];
        let tree = &rest[start + 2..];
        if matches!(first, "crate" | "super" | "self") {
            let mut prefix = vec![first.to_owned()];
            let read = read_tree(tree, &mut prefix, &mut paths);
            rest = &tree[read..];
        } else {
            rest = tree;
        }
    }
    paths
}

/// Reads `a::b`, `{a, b::c}` or `a::{b, c}`; returns how many bytes it has read.
fn read_tree(tree: &str, prefix: &mut Module, paths: &mut Vec<Module>) -> usize {
    let depth = prefix.len();
    let mut at = 0;
    loop {
        if tree[at..].starts_with('{') {
            at += 1;
            loop {
                at += spaces(&tree[at..]);
                at += read_tree(&tree[at..], prefix, paths);
                at += spaces(&tree[at..]);
                match tree[at..].chars().next() {
                    Some(',') => at += 1,
                    // An alias: `name as other`.
                    Some(letter) if letter.is_alphanumeric() || letter == '_' || letter == '*' => {
                        at += word(&tree[at..]).max(1);
                    }
                    Some('}') => {
                        at += 1;
                        break;
                    }
                    _ => break,
                }
            }
            break;
        }
        let length = word(&tree[at..]);
        if length == 0 {
            break;
        }
        prefix.push(tree[at..at + length].to_owned());
        at += length;
        if !tree[at..].starts_with("::") {
            break;
        }
        at += 2;
    }
    if prefix.len() > depth {
        paths.push(prefix.clone());
    }
    prefix.truncate(depth);
    at
}

fn word(text: &str) -> usize {
    text.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(text.len())
}

fn spaces(text: &str) -> usize {
    text.len() - text.trim_start().len()
}

fn absolute(module: &[String], path: &[String]) -> Option<Module> {
    let supers = path.iter().take_while(|part| *part == "super").count();
    let (base, rest) = match path.first()?.as_str() {
        "crate" => (&module[..0], &path[1..]),
        "self" => (module, &path[1..]),
        _ => (&module[..module.len().checked_sub(supers)?], &path[supers..]),
    };
    Some(base.iter().chain(rest).cloned().collect())
}

/// The deepest module that the path leads into.
fn containing_module(mut path: Module, files: &BTreeMap<Module, SourceFile>) -> Option<Module> {
    while !files.contains_key(&path) {
        path.pop()?;
    }
    Some(path)
}

fn folder_graph(graph: &Graph<Module>, files: &BTreeMap<Module, SourceFile>) -> Graph<String> {
    let folder = |module: &Module| files.get(module).map(|file| file.folder.clone());
    let mut folders = Graph::new();
    for (module, targets) in graph {
        for target in targets {
            if let (Some(from), Some(to)) = (folder(module), folder(target))
                && from != to
                && !from.is_empty()
                && !to.is_empty()
            {
                folders.entry(from).or_insert_with(BTreeSet::new).insert(to);
            }
        }
    }
    folders
}

/// Groups of nodes of which each reaches every other.
fn circles<T: Ord + Clone>(graph: &Graph<T>) -> Vec<Vec<T>> {
    let reach: Graph<T> = graph.keys().map(|node| (node.clone(), reachable(node, graph))).collect();
    let mut groups: BTreeSet<Vec<T>> = BTreeSet::new();
    for (node, reached) in &reach {
        let back = |other: &&T| reach.get(*other).is_some_and(|others| others.contains(node));
        let group: Vec<T> = reached.iter().filter(back).cloned().collect();
        if group.len() > 1 {
            groups.insert(group);
        }
    }
    groups.into_iter().collect()
}

fn reachable<T: Ord + Clone>(node: &T, graph: &Graph<T>) -> BTreeSet<T> {
    let mut reached = BTreeSet::new();
    let mut next = vec![node];
    while let Some(node) = next.pop() {
        for target in graph.get(node).into_iter().flatten() {
            if reached.insert(target.clone()) {
                next.push(target);
            }
        }
    }
    reached
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> Module {
        text.split("::").map(str::to_owned).collect()
    }

    #[test]
    fn every_form_of_an_import_is_read() {
        let text =
            "use crate::{a::{b, c as d}, e};\nuse super::f::G;\nfn x() { crate::h::i(self::j()) }";
        let found = imported_paths(text);
        for wanted in
            ["crate::a::b", "crate::a::c", "crate::e", "super::f::G", "crate::h::i", "self::j"]
        {
            assert!(found.contains(&path(wanted)), "{wanted} of {found:?}");
        }
    }

    #[test]
    fn a_circle_is_found_and_a_chain_is_none() {
        let graph = |edges: &[(&str, &str)]| {
            let mut graph = Graph::new();
            for (from, to) in edges {
                graph
                    .entry((*from).to_owned())
                    .or_insert_with(BTreeSet::new)
                    .insert((*to).to_owned());
            }
            graph
        };
        assert!(circles(&graph(&[("a", "b"), ("b", "c"), ("a", "c")])).is_empty());
        let found = circles(&graph(&[("a", "b"), ("b", "c"), ("c", "a"), ("d", "a")]));
        assert_eq!(found, [["a", "b", "c"].map(str::to_owned)]);
    }
}
