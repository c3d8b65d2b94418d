//! docs/ARCHITECTURE.md says what is true: the dependencies between the crates, and where things are.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_path_buf()
}

fn document() -> String {
    std::fs::read_to_string(root().join("docs/ARCHITECTURE.md")).unwrap()
}

/// The normal dependencies between the crates of the workspace, as `api --> services`.
fn dependencies() -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--offline", "--no-deps", "--format-version", "1"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut edges = BTreeSet::new();
    for package in metadata["packages"].as_array().unwrap() {
        for dependency in package["dependencies"].as_array().unwrap() {
            if dependency["path"].is_string() && dependency["kind"].is_null() {
                let (from, to) = (&package["name"], &dependency["name"]);
                edges.insert(format!("{} --> {}", from.as_str().unwrap(), to.as_str().unwrap()));
            }
        }
    }
    edges
}

#[test]
fn the_documented_dependencies_between_crates_are_the_real_ones() {
    let document = document();
    let graph = document.split("```mermaid\ngraph").nth(1).expect("a graph");
    let graph = graph.split("```").next().unwrap();
    let documented: BTreeSet<String> = graph
        .lines()
        .map(str::trim)
        .filter(|line| line.contains("-->"))
        .map(str::to_owned)
        .collect();
    assert_eq!(documented, dependencies());
}

#[test]
fn only_services_and_the_server_see_the_database() {
    let above_services = ["api", "bot", "notify", "frontend", "shared"];
    for edge in dependencies() {
        let (from, to) = edge.split_once(" --> ").unwrap();
        assert!(!(to == "db" && above_services.contains(&from)), "{edge}");
        assert!(from != "shared", "{edge}: shared depends on nothing of the workspace");
    }
}

#[test]
fn every_file_of_the_table_where_is_exists() {
    let document = document();
    let table = document.split("## Where is").nth(1).expect("the section \"Where is …?\"");
    let table = table.split("\n## ").next().unwrap();
    let paths: Vec<&str> = table
        .lines()
        .filter(|line| line.starts_with('|'))
        .flat_map(|line| line.split('`').skip(1).step_by(2))
        .filter(|path| path.contains('/'))
        .collect();
    assert!(paths.len() >= 10, "{paths:?}");
    let missing: Vec<_> = paths.iter().filter(|path| !root().join(path).exists()).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
