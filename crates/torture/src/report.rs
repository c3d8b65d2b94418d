//! Report of the trials as a Markdown table.

use std::fmt::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::Result;

/// Marker before and after the table in a document.
const TABLE_MARKER: &str = "<!-- torture -->";

/// One line of the table.
#[derive(Debug)]
struct ReportLine {
    what: String,
    seen: Result<String>,
    took: Duration,
}

/// The results so far.
#[derive(Debug, Default)]
pub struct Report {
    lines: Vec<ReportLine>,
}

impl Report {
    /// Adds the result of a trial and prints it.
    pub fn add(&mut self, what: &str, begun: Instant, seen: Result<String>) {
        let (mark, text) = match &seen {
            Ok(text) => ("✓", text),
            Err(text) => ("✗", text),
        };
        let took = begun.elapsed();
        println!("{mark} {what}: {text} ({:.1} s)", took.as_secs_f64());
        self.lines.push(ReportLine { what: what.to_owned(), seen, took });
    }

    pub fn all_passed(&self) -> bool {
        self.lines.iter().all(|line| line.seen.is_ok())
    }

    /// Renders the table.
    pub fn table(&self, seed: u64) -> String {
        let mut table = format!("Seed {seed}.\n\n| tried | held | seen | s |\n|---|---|---|---|\n");
        for ReportLine { what, seen, took } in &self.lines {
            let (held, text) = match seen {
                Ok(text) => ("yes", text),
                Err(text) => ("**no**", text),
            };
            let text = text.replace(['\n', '|'], " ");
            let _ = writeln!(table, "| {what} | {held} | {text} | {:.0} |", took.as_secs_f64());
        }
        table
    }
}

/// Writes the table between the two markers of a document.
pub fn write(file: &Path, table: &str) -> Result {
    let text = std::fs::read_to_string(file).map_err(|error| error.to_string())?;
    let mut parts = text.splitn(3, TABLE_MARKER);
    let (Some(before), Some(_), Some(after)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(format!("no two marks {TABLE_MARKER}"));
    };
    let text = format!("{before}{TABLE_MARKER}\n{table}{TABLE_MARKER}{after}");
    std::fs::write(file, text).map_err(|error| error.to_string())
}
