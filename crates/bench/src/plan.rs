//! What a run measures, and how long.

use std::fmt;
use std::time::Duration;

use clap::ValueEnum;

/// Concurrent connections that read, as in a busy office.
pub const READERS: usize = 16;
/// Concurrent connections that create jobs.
pub const CREATORS: usize = 64;
/// Concurrent connections that change job states.
pub const MOVERS: usize = 16;

/// Size of the data set for what does not depend on it.
const USUAL_JOBS: u32 = 100_000;

/// Sign-ins per second while reads are measured under load.
pub const LOGINS_PER_SECOND: u32 = 50;

/// A part of the benchmark that can be run by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Part {
    /// The list of jobs and single jobs, beside the reference.
    Reads,
    /// Searches for jobs and customers, by kind of query.
    Search,
    /// Every list with its usual filters and orders.
    Lists,
    /// The overview, and the technicians for a job.
    Dashboard,
    /// Processor time per request, and the highest rate with short waits.
    Cost,
    /// New jobs and transitions.
    Writes,
    /// Uploads of photos.
    Photos,
    /// Changes that arrive at many browsers.
    Live,
    /// Sign-ins that do not stop, and what they do to readers.
    Logins,
    /// Customers from a large file.
    Import,
    /// Start after a clean stop, and after a kill in the middle of changes.
    Start,
    /// Memory of the idle server, and during a mixed load.
    Memory,
}

impl Part {
    /// The name on the command line and in the document.
    pub fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }
}

/// The database that the server uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Database {
    Sqlite,
    Postgres,
}

impl fmt::Display for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Database::Sqlite => "SQLite",
            Database::Postgres => "PostgreSQL",
        })
    }
}

/// What is measured: parts, databases, sizes and durations.
#[derive(Debug, Clone)]
pub struct BenchPlan {
    pub parts: Vec<Part>,
    pub databases: Vec<Database>,
    /// Numbers of jobs of the data sets, ascending.
    pub sizes: Vec<u32>,
    pub durations: Durations,
}

impl BenchPlan {
    /// The largest data set.
    pub fn largest(&self) -> u32 {
        self.sizes.last().copied().unwrap_or_default()
    }

    /// The data set for what does not depend on its size: of 100,000 jobs, or else the largest.
    pub fn usual(&self) -> u32 {
        self.sizes.iter().copied().find(|size| *size == USUAL_JOBS).unwrap_or(self.largest())
    }
}

/// Rounds and durations of one run.
#[derive(Debug, Clone)]
pub struct Durations {
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
    /// How long each rate of an open load is kept.
    pub open_step: Duration,
    /// Uploaded photos.
    pub photos: u32,
    /// Numbers of browsers that receive live events.
    pub live_clients: [usize; 2],
    /// Changes whose arrival is measured.
    pub live_changes: usize,
    /// How long all browsers take to connect again.
    pub reconnect: Duration,
    /// How long jobs are created before the server is killed.
    pub before_kill: Duration,
}

impl Durations {
    /// A full run, whose figures count.
    pub fn full() -> Self {
        Self {
            quick: false,
            rounds: 5,
            warm_up: Duration::from_millis(200),
            measure: Duration::from_millis(800),
            login_load: Duration::from_secs(10),
            starts: 9,
            idle_wait: Duration::from_secs(3),
            import_rows: 100_000,
            open_step: Duration::from_secs(3),
            photos: 24,
            live_clients: [1_000, 5_000],
            live_changes: 40,
            reconnect: Duration::from_secs(10),
            before_kill: Duration::from_secs(5),
        }
    }

    /// Shorter, for parts that measure many kinds of requests.
    pub fn for_many_kinds(&self) -> Self {
        let (warm_up, measure) = (Duration::from_millis(100), Duration::from_millis(400));
        Self {
            rounds: self.rounds.min(3),
            warm_up: self.warm_up.min(warm_up),
            measure: self.measure.min(measure),
            ..self.clone()
        }
    }

    /// A quick run that only shows that everything works.
    pub fn quick() -> Self {
        Self {
            quick: true,
            rounds: 2,
            warm_up: Duration::from_millis(50),
            measure: Duration::from_millis(200),
            login_load: Duration::from_secs(3),
            starts: 3,
            idle_wait: Duration::from_secs(1),
            import_rows: 10_000,
            open_step: Duration::from_millis(500),
            photos: 4,
            live_clients: [50, 100],
            live_changes: 5,
            reconnect: Duration::from_secs(2),
            before_kill: Duration::from_secs(1),
        }
    }
}
