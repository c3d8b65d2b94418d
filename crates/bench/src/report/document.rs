//! Replacement of the measured tables in a document.

use std::path::Path;

use crate::Result;
use crate::plan::Part;
use crate::report::{Results, tables, targets};

/// The name of the block with the targets of all parts.
const TARGETS: &str = "targets";

/// Writes the tables of the measured parts between their markers, and their targets into the common
/// table. What was not measured stays.
///
/// # Errors
/// The file can not be read or written, or has no markers for a part.
pub fn write(file: &Path, results: &Results, parts: &[Part]) -> Result {
    let words = |error: std::io::Error| format!("{}: {error}", file.display());
    let mut text = std::fs::read_to_string(file).map_err(words)?;
    let missing =
        |name: &str| format!("{}: no lines {} and {}", file.display(), begin(name), end(name));
    let old = block(&text, TARGETS).ok_or_else(|| missing(TARGETS))?;
    let new = targets::table(results, old);
    text = replace_block(&text, TARGETS, &new).ok_or_else(|| missing(TARGETS))?;
    for part in parts {
        let name = part.name();
        let new = tables::of_part(results, *part);
        text = replace_block(&text, &name, &new).ok_or_else(|| missing(&name))?;
    }
    std::fs::write(file, text).map_err(words)
}

fn begin(name: &str) -> String {
    format!("<!-- bench {name} -->")
}

fn end(name: &str) -> String {
    format!("<!-- end of {name} -->")
}

/// The text between the markers of a name.
fn block<'a>(document: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = document.split_once(&begin(name))?;
    rest.split_once(&end(name)).map(|(inner, _)| inner)
}

fn replace_block(document: &str, name: &str, new: &str) -> Option<String> {
    let (begin, end) = (begin(name), end(name));
    let (before, rest) = document.split_once(&begin)?;
    let (_, after) = rest.split_once(&end)?;
    Some(format!("{before}{begin}\n\n{}\n\n{end}{after}", new.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "# Title\n\n<!-- bench reads -->\nold\n<!-- end of reads -->\n\n\
        <!-- bench search -->\nkept\n<!-- end of search -->\nrest\n";

    #[test]
    fn only_the_block_of_the_name_is_replaced() {
        let new = replace_block(OLD, "reads", "new\n").unwrap();
        assert_eq!(new, OLD.replace("\nold\n", "\n\nnew\n\n"));
        assert_eq!(block(&new, "search"), Some("\nkept\n"));
        assert_eq!(replace_block(OLD, "writes", "new"), None);
    }
}
