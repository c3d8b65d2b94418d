//! Dependencies of `shared`, which also runs in browsers.

use std::process::Command;

const SERVER_ONLY: [&str; 12] = [
    "actix",
    "actix-web",
    "db",
    "diesel",
    "libsqlite3-sys",
    "mio",
    "pq-sys",
    "r2d2",
    "reqwest",
    "services",
    "teloxide",
    "tokio",
];

#[test]
fn shared_has_no_server_dependency() {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--package", "shared", "--edges", "normal", "--prefix", "none"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let tree = String::from_utf8(output.stdout).unwrap();
    let names: Vec<&str> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(names.first(), Some(&"shared"));
    let found: Vec<_> = names.iter().filter(|name| SERVER_ONLY.contains(name)).collect();
    assert!(found.is_empty(), "{found:?}");
}
