//! Answers that count and compute: the overview, and the technicians for a job.

use crate::Result;
use crate::bench::Bench;
use crate::parts::{PathKind, measure_paths};
use crate::plan::{Database, Part};
use crate::report::Results;

/// Concurrent connections.
const CLIENTS: usize = 4;
/// Different jobs whose candidates are ranked.
const DISTINCT_JOBS: usize = 40;

/// Measures both for all sizes.
pub fn measure(bench: &mut Bench, database: Database, results: &mut Results) -> Result {
    let servers = bench.serve_all_sizes(database)?;
    let overview = PathKind::new("overview", &servers, |_| Ok(vec!["/api/dashboard".to_owned()]))?;
    let candidates = PathKind::new("candidates for a job", &servers, |data| {
        let query = format!(
            "SELECT id AS value FROM jobs WHERE status = 'open' ORDER BY id DESC LIMIT {DISTINCT_JOBS}"
        );
        let open = data.store.numbers(&query)?;
        Ok(open.into_iter().map(|id| format!("/api/jobs/{id}/candidates")).collect())
    })?;
    let kinds = vec![overview, candidates];
    measure_paths(bench, Part::Dashboard, &servers, CLIENTS, kinds, results)
}
