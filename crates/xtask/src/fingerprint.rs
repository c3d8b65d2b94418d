//! Fingerprints of files, to skip work whose inputs have not changed.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use crate::process::Result;

/// Folders and files that are build outputs, not inputs.
const BUILD_OUTPUTS: [&str; 6] = ["dist", "node_modules", "e2e", "target", "output.css", ".git"];

/// Fingerprint of the names and contents of all files below these paths.
pub fn from_contents(paths: &[PathBuf]) -> Result<String> {
    fingerprint(paths, |path, hasher| {
        fs::read(path)?.hash(hasher);
        Ok(())
    })
}

/// Cheaper fingerprint, of names, sizes and modification times.
pub fn from_times(paths: &[PathBuf]) -> Result<String> {
    fingerprint(paths, |path, hasher| {
        let metadata = fs::metadata(path)?;
        (metadata.len(), metadata.modified()?).hash(hasher);
        Ok(())
    })
}

fn fingerprint(
    paths: &[PathBuf],
    add: impl Fn(&Path, &mut DefaultHasher) -> std::io::Result<()>,
) -> Result<String> {
    let mut files = Vec::new();
    for path in paths {
        collect(path, &mut files)?;
    }
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        match add(&file, &mut hasher) {
            // An editor may replace a file between listing and reading; the next check sees the new one.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            other => other?,
        }
        file.hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    if path.is_file() {
        files.push(path.to_path_buf());
    } else if path.is_dir() {
        for entry in fs::read_dir(path)? {
            let entry = entry?;
            let is_result =
                entry.file_name().to_str().is_some_and(|name| BUILD_OUTPUTS.contains(&name));
            if !is_result {
                collect(&entry.path(), files)?;
            }
        }
    }
    Ok(())
}
