//! Common passwords stand in the repository as plain lists and in the binary compressed.

use std::io::Write;
use std::path::Path;
use std::{env, fs};

use flate2::Compression;
use flate2::write::DeflateEncoder;

const LISTS: [&str; 2] = ["data/common.txt", "data/common-indonesian.txt"];

fn main() -> std::io::Result<()> {
    let folder = env::var("OUT_DIR").map_err(std::io::Error::other)?;
    let file = fs::File::create(Path::new(&folder).join("common-passwords.deflate"))?;
    let mut encoder = DeflateEncoder::new(file, Compression::best());
    for list in LISTS {
        println!("cargo:rerun-if-changed={list}");
        encoder.write_all(&fs::read(list)?)?;
    }
    encoder.finish()?;
    Ok(())
}
