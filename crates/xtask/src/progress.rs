//! Tells what is going on, step by step, with the time each step took.

use std::io::Write;
use std::time::{Duration, Instant};

use crate::process::Result;

/// Runs one step and prints its name before and its time after.
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

/// Says that a step had nothing to do.
pub fn ready(name: &str) {
    println!("✓ {name} · ready");
    flush();
}

/// A remark on the way.
pub fn note(text: &str) {
    println!("  {text}");
    flush();
}

fn flush() {
    // A closed pipe is noticed by whatever is printed next; there is nobody left to tell here.
    let _ = std::io::stdout().flush();
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}
