//! Replacement of the measured tables in a document.

use std::path::Path;

use crate::Result;
use crate::report::{BenchResults, to_markdown};

const BEGIN_MARKER: &str = "<!-- measured: written by cargo xtask bench --write -->";
const END_MARKER: &str = "<!-- end of measured -->";

/// Writes the tables between the markers of the file.
///
/// # Errors
/// The file can not be read or written, or has no markers.
pub fn write(file: &Path, results: &BenchResults) -> Result {
    let words = |error: std::io::Error| format!("{}: {error}", file.display());
    let old = std::fs::read_to_string(file).map_err(words)?;
    let new = replace_between_markers(&old, &to_markdown(results))
        .ok_or_else(|| format!("{} has no line `{BEGIN_MARKER}`", file.display()))?;
    std::fs::write(file, new).map_err(words)
}

fn replace_between_markers(document: &str, tables: &str) -> Option<String> {
    let (before, rest) = document.split_once(BEGIN_MARKER)?;
    let (_, after) = rest.split_once(END_MARKER)?;
    Some(format!("{before}{BEGIN_MARKER}\n\n{}\n\n{END_MARKER}{after}", tables.trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_text_between_the_markers_is_replaced() {
        let old = format!("# Title\n\n{BEGIN_MARKER}\nold\n{END_MARKER}\n\nrest\n");
        let new = replace_between_markers(&old, "new\n").unwrap();
        assert_eq!(new, format!("# Title\n\n{BEGIN_MARKER}\n\nnew\n\n{END_MARKER}\n\nrest\n"));
        assert_eq!(replace_between_markers("no markers", "new"), None);
    }
}
