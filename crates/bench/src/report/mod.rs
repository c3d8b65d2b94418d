//! Results of a run and their Markdown tables.

mod document;
mod tables;
mod targets;

use crate::machine::Machine;
use crate::measure::Samples;
use crate::plan::{Database, Part};

pub use document::write;

/// One kind of request on one data set.
#[derive(Debug, Clone)]
pub struct RateRow {
    pub part: Part,
    pub database: Database,
    pub what: String,
    pub jobs: u32,
    /// Concurrent connections.
    pub clients: usize,
    pub server: Samples,
    pub reference: Option<Samples>,
}

/// A single figure.
#[derive(Debug, Clone)]
pub struct Fact {
    pub part: Part,
    /// `None` if it does not depend on the database.
    pub database: Option<Database>,
    pub what: String,
    /// Jobs of the data set, if it matters.
    pub jobs: Option<u32>,
    /// `None` if it could not be measured here.
    pub value: Option<f64>,
    pub unit: &'static str,
}

/// The results of one run.
#[derive(Debug, Clone)]
pub struct Results {
    pub quick: bool,
    pub machine: Machine,
    pub rates: Vec<RateRow>,
    pub facts: Vec<Fact>,
    /// Sentences below the tables of a part.
    pub notes: Vec<(Part, String)>,
}

impl Results {
    /// Results without a figure.
    pub fn new(quick: bool, machine: Machine) -> Self {
        Self { quick, machine, rates: Vec::new(), facts: Vec::new(), notes: Vec::new() }
    }
}

/// Renders the targets and the tables of the measured parts.
pub fn to_markdown(results: &Results, parts: &[Part]) -> String {
    let mut blocks = vec![targets::table(results, "")];
    blocks.extend(parts.iter().map(|part| tables::of_part(results, *part)));
    blocks.join("\n")
}
