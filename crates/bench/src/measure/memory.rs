//! Memory usage of a process (Linux).

use std::fs::read_to_string;

/// Memory of a process in megabytes (10⁶ bytes).
#[derive(Debug, Clone, Copy)]
pub struct ProcessMemory {
    /// Resident set size, with shared pages in full.
    pub resident: f64,
    /// Proportional set size; `None` where the kernel does not report it.
    pub proportional: Option<f64>,
}

/// Reads the memory of a process; `None` where there is no `/proc`.
pub fn read_process(process: u32) -> Option<ProcessMemory> {
    let resident = field(&format!("/proc/{process}/status"), "VmRSS:")?;
    let proportional = field(&format!("/proc/{process}/smaps_rollup"), "Pss:");
    Some(ProcessMemory { resident, proportional })
}

/// Reads the largest resident set size that a process ever had, in megabytes (10⁶ bytes).
pub fn read_peak(process: u32) -> Option<f64> {
    field(&format!("/proc/{process}/status"), "VmHWM:")
}

fn field(file: &str, name: &str) -> Option<f64> {
    let text = read_to_string(file).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    let kibibytes: f64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kibibytes * 1024.0 / 1e6)
}
