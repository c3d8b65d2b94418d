//! Progress output.

/// Prints a progress line to standard error; standard output has only the tables.
pub fn log_progress(what: &str) {
    eprintln!("bench: {what}");
}
