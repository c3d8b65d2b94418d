//! Description of the measuring machine.

use std::fmt;
use std::fs::read_to_string;
use std::path::Path;

use crate::Result;
use crate::measure::inserts;

/// The machine, without its name.
#[derive(Debug, Clone)]
pub struct Machine {
    cores: usize,
    processor: String,
    memory_gigabytes: Option<f64>,
    /// Milliseconds.
    sync_latency: f64,
}

impl Machine {
    /// Detects cores, processor and memory, and measures the disk of this folder.
    ///
    /// # Errors
    /// The folder can not be written.
    pub fn detect(folder: &Path) -> Result<Self> {
        let value = |file: &str, name: &str| {
            let text = read_to_string(file).ok()?;
            let line = text.lines().find(|line| line.starts_with(name))?;
            line.split_once(':').map(|(_, value)| value.trim().to_owned())
        };
        let kibibytes = value("/proc/meminfo", "MemTotal")
            .and_then(|text| text.trim_end_matches("kB").trim().parse::<f64>().ok());
        Ok(Self {
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            processor: value("/proc/cpuinfo", "model name")
                .unwrap_or_else(|| std::env::consts::ARCH.to_owned()),
            memory_gigabytes: kibibytes.map(|kibibytes| kibibytes * 1024.0 / 1e9),
            sync_latency: inserts::sync_latency(folder)?,
        })
    }
}

#[cfg(test)]
impl Machine {
    /// A machine for tests of tables.
    pub fn unknown() -> Self {
        Self { cores: 1, processor: "unknown".into(), memory_gigabytes: None, sync_latency: 1.0 }
    }
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} cores ({})", self.cores, self.processor)?;
        if let Some(memory) = self.memory_gigabytes {
            write!(f, ", {memory:.0} GB of memory")?;
        }
        write!(f, ", {}; ", std::env::consts::OS)?;
        write!(f, "the disk keeps 4 KB safely in {:.2} ms (fdatasync)", self.sync_latency)
    }
}
