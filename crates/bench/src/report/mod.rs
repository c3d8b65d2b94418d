//! Benchmark results and their Markdown tables.

mod document;
mod targets;

use std::fmt::Write;
use std::time::Duration;

use crate::load::Sample;
use crate::login_load::LoginAnswers;
use crate::machine::Machine;
use crate::measure::memory::ProcessMemory;
use crate::measure::{Samples, median};
use crate::plan::LOGINS_PER_SECOND;

pub use document::write;

/// One kind of read, compared with both variants of the reference.
#[derive(Debug, Clone)]
pub struct ReadComparison {
    pub what: &'static str,
    pub jobs: u32,
    pub server: Samples,
    pub block: Samples,
    pub inline: Samples,
}

/// All read measurements.
#[derive(Debug, Clone)]
pub struct ReadResults {
    pub list_small: ReadComparison,
    pub list_large: ReadComparison,
    pub get: ReadComparison,
    pub search: ReadComparison,
}

/// All write measurements.
#[derive(Debug, Clone)]
pub struct WriteResults {
    /// Commits per second of the bare loop, round by round.
    pub bare: Vec<f64>,
    pub create: Samples,
    pub transition: Samples,
}

impl WriteResults {
    /// Creates per commit of the bare loop, as the median over the rounds.
    pub fn group_commit_ratio(&self) -> f64 {
        let pairs = self.create.0.iter().zip(&self.bare);
        median(pairs.map(|(create, bare)| create.per_second / bare))
    }
}

/// Lists and gets of a signed-in user with and without a load of sign-ins.
#[derive(Debug, Clone)]
pub struct LoginLoadImpact {
    pub without_load: Sample,
    pub under_load: Sample,
    pub answers: LoginAnswers,
}

/// The import of a large file.
#[derive(Debug, Clone)]
pub struct ImportResult {
    pub rows: u32,
    pub took: Duration,
    /// Largest memory of the process in megabytes; `None` where it is unknown.
    pub peak: Option<f64>,
}

/// The results of one run.
#[derive(Debug, Clone)]
pub struct BenchResults {
    pub quick: bool,
    pub machine: Machine,
    /// Milliseconds until the server is ready.
    pub start: f64,
    pub idle: Option<ProcessMemory>,
    /// After all measurements.
    pub busy: Option<ProcessMemory>,
    pub spa: Option<usize>,
    pub reads: ReadResults,
    pub writes: WriteResults,
    pub login_load: LoginLoadImpact,
    pub import: ImportResult,
}

/// Renders all tables as Markdown.
pub fn to_markdown(results: &BenchResults) -> String {
    let mut text = format!("Measured on {}.", results.machine);
    if results.quick {
        text += " A quick run: it shows that everything works, not how fast it is.";
    }
    text += "\n\n";
    text += &targets::table(results);
    text += "\n";
    text += &reads(&results.reads);
    text += "\n";
    text += &writes(&results.writes);
    text += "\n";
    text += &login_load(&results.login_load);
    text += "\n";
    text += &process(results);
    text
}

fn reads(reads: &ReadResults) -> String {
    let mut text = String::from(
        "| reading, 16 clients | jobs | server/s | p50 ms | p99 ms | reference/s | p50 ms | p99 ms | ratio | inline reference/s | ratio |\n\
         |---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n",
    );
    for read in [&reads.list_small, &reads.list_large, &reads.get, &reads.search] {
        let ReadComparison { what, jobs, server, block, inline } = read;
        let ratio = |other| server.ratio(other, |sample| sample.per_second);
        let _ = writeln!(
            text,
            "| {what} | {jobs} | {:.0} | {:.2} | {:.2} | {:.0} | {:.2} | {:.2} | {:.2} | {:.0} | {:.2} |",
            server.per_second(),
            server.p50(),
            server.p99(),
            block.per_second(),
            block.p50(),
            block.p99(),
            ratio(block),
            inline.per_second(),
            ratio(inline),
        );
    }
    text
}

fn writes(writes: &WriteResults) -> String {
    let mut text = String::from(
        "| writing, 100000 jobs | clients | per second | p50 ms | p99 ms |\n|---|--:|--:|--:|--:|\n",
    );
    let mut row = |what: &str, clients: usize, measured: &Samples| {
        let (rate, p50, p99) = (measured.per_second(), measured.p50(), measured.p99());
        let _ = writeln!(text, "| {what} | {clients} | {rate:.0} | {p50:.2} | {p99:.2} |");
    };
    row("create", crate::plan::CREATORS, &writes.create);
    row("transition", crate::plan::MOVERS, &writes.transition);
    let bare = median(writes.bare.iter().copied());
    let _ = writeln!(text, "| bare insert loop (commits) | 1 | {bare:.0} | | |");
    text
}

fn login_load(impact: &LoginLoadImpact) -> String {
    let LoginLoadImpact { without_load, under_load, answers } = impact;
    let mut text = String::from(
        "| lists and gets, 2 clients | per second | p50 ms | p99 ms |\n|---|--:|--:|--:|\n",
    );
    for (what, sample) in [("without other load", without_load), ("during sign-ins", under_load)] {
        let Sample { per_second, p50, p99 } = sample;
        let _ = writeln!(text, "| {what} | {per_second:.0} | {p50:.2} | {p99:.2} |");
    }
    let by_status: Vec<String> =
        answers.by_status.iter().map(|(status, count)| format!("{count} with {status}")).collect();
    let _ = writeln!(
        text,
        "\nThe sign-ins: {} requests, {LOGINS_PER_SECOND} a second, each from an address of its own; answered {}; {} unanswered. {} passwords were compared.",
        answers.sent,
        by_status.join(", "),
        answers.unanswered,
        answers.hashed(),
    );
    text
}

fn process(results: &BenchResults) -> String {
    let memory = |memory: Option<ProcessMemory>| {
        memory.map_or("unknown".to_owned(), |memory| {
            let shared = memory.proportional.map(|mb| format!(" (proportional set {mb:.1} MB)"));
            format!("{:.1} MB{}", memory.resident, shared.unwrap_or_default())
        })
    };
    let ImportResult { rows, took, peak } = &results.import;
    let peak = peak.map_or("unknown".to_owned(), |peak| format!("{peak:.1} MB"));
    let import = format!(
        "| import of {rows} customers as CSV | {:.1} s |\n| memory at most during it | {peak} |\n",
        took.as_secs_f64()
    );
    format!(
        "| process | |\n|---|--:|\n| start until ready | {:.0} ms |\n| memory, idle | {} |\n| memory, after all of the above | {} |\n{import}| browser application over the wire until the sign-in page, brotli | {} |\n",
        results.start,
        memory(results.idle),
        memory(results.busy),
        results.spa.map_or("not in this binary".to_owned(), |bytes| format!(
            "{:.1} KB",
            bytes as f64 / 1e3
        )),
    )
}
