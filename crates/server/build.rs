//! The browser application is part of the binary: a new build of it makes a new binary.
fn main() {
    println!("cargo:rerun-if-changed=../../frontend/dist");
}
