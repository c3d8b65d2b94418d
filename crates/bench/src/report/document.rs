//! Keeping the tables of a document up to date.

use std::path::Path;

use crate::Result;
use crate::report::{Findings, tables};

const BEGIN: &str = "<!-- measured: written by cargo xtask bench --write -->";
const END: &str = "<!-- end of measured -->";

/// Puts the tables between the markers of the file.
///
/// # Errors
/// The file can not be read or written, or has no markers.
pub fn write(file: &Path, findings: &Findings) -> Result {
    let words = |error: std::io::Error| format!("{}: {error}", file.display());
    let old = std::fs::read_to_string(file).map_err(words)?;
    let new = replaced(&old, &tables(findings))
        .ok_or_else(|| format!("{} has no line `{BEGIN}`", file.display()))?;
    std::fs::write(file, new).map_err(words)
}

fn replaced(document: &str, tables: &str) -> Option<String> {
    let (before, rest) = document.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n\n{}\n\n{END}{after}", tables.trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stands_between_the_markers_changes() {
        let old = format!("# Title\n\n{BEGIN}\nold\n{END}\n\nrest\n");
        let new = replaced(&old, "new\n").unwrap();
        assert_eq!(new, format!("# Title\n\n{BEGIN}\n\nnew\n\n{END}\n\nrest\n"));
        assert_eq!(replaced("no markers", "new"), None);
    }
}
