//! Progress output: steps and their durations.

use std::io::Write;
use std::time::{Duration, Instant};

use crate::process::Result;

/// Runs a step; prints its name before and its duration after.
pub fn step<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("▸ {name}");
    flush();
    let start = Instant::now();
    let result = work();
    let took = seconds(start.elapsed());
    match &result {
        Ok(_) => println!("✓ {name} · {took}"),
        Err(_) => println!("✗ {name} · {took}"),
    }
    flush();
    result
}

/// Prints that a step had nothing to do.
pub fn ready(name: &str) {
    println!("✓ {name} · ready");
    flush();
}

/// Prints a remark.
pub fn note(text: &str) {
    println!("  {text}");
    flush();
}

fn flush() {
    // A closed pipe shows up at the next print.
    let _ = std::io::stdout().flush();
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}
