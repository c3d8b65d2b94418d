//! Sizes and durations of a benchmark run.

use std::time::Duration;

/// Number of jobs in the small and in the large database.
pub const SMALL_JOBS: u32 = 1_000;
pub const LARGE_JOBS: u32 = 100_000;

/// Concurrent connections that read, as in a busy office.
pub const READERS: usize = 16;
/// Concurrent connections that create jobs.
pub const CREATORS: usize = 64;
/// Concurrent connections that change job states.
pub const MOVERS: usize = 16;

/// Sign-ins per second while reads are measured under load.
pub const LOGINS_PER_SECOND: u32 = 50;

/// Rounds and durations of one run.
#[derive(Debug, Clone)]
pub struct BenchPlan {
    pub quick: bool,
    /// Each contender is measured once per round, one after the other.
    pub rounds: usize,
    pub warm_up: Duration,
    pub measure: Duration,
    /// Duration of the load of sign-ins.
    pub login_load: Duration,
    /// Number of measured server starts.
    pub starts: usize,
    /// Wait before the memory of the idle server is read.
    pub idle_wait: Duration,
    /// Rows of the imported file.
    pub import_rows: u32,
}

impl BenchPlan {
    /// A full run, whose figures count: about four and a half minutes.
    pub fn full() -> Self {
        Self {
            quick: false,
            rounds: 5,
            warm_up: Duration::from_millis(400),
            measure: Duration::from_millis(2_000),
            login_load: Duration::from_secs(10),
            starts: 9,
            idle_wait: Duration::from_secs(3),
            import_rows: 100_000,
        }
    }

    /// A quick run that only shows that everything works: about 40 seconds.
    pub fn quick() -> Self {
        Self {
            quick: true,
            rounds: 2,
            warm_up: Duration::from_millis(200),
            measure: Duration::from_millis(500),
            login_load: Duration::from_secs(3),
            starts: 3,
            idle_wait: Duration::from_secs(1),
            import_rows: 10_000,
        }
    }
}
