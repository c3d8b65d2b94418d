//! What was tried, and what came of it.

use std::fmt::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::Result;

/// Around the table in a document.
const MARK: &str = "<!-- torture -->";

/// One line of the table.
#[derive(Debug)]
struct Line {
    what: String,
    seen: Result<String>,
    took: Duration,
}

/// The lines so far.
#[derive(Debug, Default)]
pub struct Report {
    lines: Vec<Line>,
}

impl Report {
    /// Adds what became of a trial, and says it at once.
    pub fn add(&mut self, what: &str, begun: Instant, seen: Result<String>) {
        let (mark, text) = match &seen {
            Ok(text) => ("✓", text),
            Err(text) => ("✗", text),
        };
        let took = begun.elapsed();
        println!("{mark} {what}: {text} ({:.1} s)", took.as_secs_f64());
        self.lines.push(Line { what: what.to_owned(), seen, took });
    }

    pub fn all_held(&self) -> bool {
        self.lines.iter().all(|line| line.seen.is_ok())
    }

    /// The table for people and documents.
    pub fn table(&self, seed: u64) -> String {
        let mut table = format!("Seed {seed}.\n\n| tried | held | seen | s |\n|---|---|---|---|\n");
        for Line { what, seen, took } in &self.lines {
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

/// Puts the table between the two marks of a document.
pub fn write(file: &Path, table: &str) -> Result {
    let text = std::fs::read_to_string(file).map_err(|error| error.to_string())?;
    let mut parts = text.splitn(3, MARK);
    let (Some(before), Some(_), Some(after)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(format!("no two marks {MARK}"));
    };
    let text = format!("{before}{MARK}\n{table}{MARK}{after}");
    std::fs::write(file, text).map_err(|error| error.to_string())
}
