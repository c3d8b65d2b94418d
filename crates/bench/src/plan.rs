//! How long and how often is measured.

use std::time::Duration;

/// Jobs in the small and in the large database.
pub const SMALL_JOBS: u32 = 1_000;
pub const LARGE_JOBS: u32 = 100_000;

/// Connections that read at the same time: a busy office.
pub const READERS: usize = 16;
/// Connections that create jobs at the same time.
pub const CREATORS: usize = 64;
/// Connections that move jobs through their life at the same time.
pub const MOVERS: usize = 16;

/// The lengths of one run.
#[derive(Debug, Clone)]
pub struct BenchPlan {
    pub quick: bool,
    /// Each contender is measured once per round, one after the other.
    pub rounds: usize,
    pub warm_up: Duration,
    pub measure: Duration,
    /// The storm of logins.
    pub login_load: Duration,
    /// Starts of the server.
    pub starts: usize,
    /// Time to settle before the memory of the idle server is read.
    pub idle_wait: Duration,
}

impl BenchPlan {
    /// The run whose figures count: about four and a half minutes.
    pub fn full() -> Self {
        Self {
            quick: false,
            rounds: 5,
            warm_up: Duration::from_millis(400),
            measure: Duration::from_millis(2_000),
            login_load: Duration::from_secs(10),
            starts: 9,
            idle_wait: Duration::from_secs(3),
        }
    }

    /// A look at everything: about 40 seconds.
    pub fn quick() -> Self {
        Self {
            quick: true,
            rounds: 2,
            warm_up: Duration::from_millis(200),
            measure: Duration::from_millis(500),
            login_load: Duration::from_secs(3),
            starts: 3,
            idle_wait: Duration::from_secs(1),
        }
    }
}
