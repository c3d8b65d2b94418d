//! Capture of server log lines.

use std::sync::{Mutex, OnceLock};

use log::{LevelFilter, Log, Metadata, Record};

/// Crates that run in the server; clients of the tests log too.
const SERVER: [&str; 9] =
    ["api", "services", "db", "server", "shared", "actix", "diesel", "r2d2", "log_watch"];

static WATCHER: OnceLock<&'static Watcher> = OnceLock::new();

/// Captures every line with one of the watched texts, at any level.
#[derive(Default)]
struct Watcher {
    texts: Mutex<Vec<String>>,
    lines: Mutex<Vec<String>>,
}

impl Log for Watcher {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        SERVER.iter().any(|name| metadata.target().starts_with(name))
    }

    fn log(&self, record: &Record<'_>) {
        let texts = self.texts.lock().unwrap();
        if texts.is_empty() || !self.enabled(record.metadata()) {
            return;
        }
        let line = record.args().to_string();
        if texts.iter().any(|text| line.contains(text)) {
            self.lines.lock().unwrap().push(line);
        }
    }

    fn flush(&self) {}
}

fn watcher() -> &'static Watcher {
    WATCHER.get_or_init(|| {
        let watcher: &'static Watcher = Box::leak(Box::default());
        log::set_logger(watcher).expect("nothing else logs in the tests");
        log::set_max_level(LevelFilter::Trace);
        watcher
    })
}

/// Starts capturing lines with one of these texts.
pub fn watch(texts: &[String]) {
    watcher().texts.lock().unwrap().extend(texts.iter().cloned());
}

/// Returns the captured lines with this text. A probe line proves that capturing works.
pub fn lines_with(text: &str) -> Vec<String> {
    let probe = format!("a line with {text}");
    log::debug!(target: "log_watch", "{probe}");
    let lines = watcher().lines.lock().unwrap();
    assert!(lines.contains(&probe), "no line is captured");
    lines.iter().filter(|line| line.contains(text) && **line != probe).cloned().collect()
}
