//! Rows of a data set that requests are about.

use shared::{CustomerId, JobId};

use crate::Result;
use crate::data::DataSet;

/// Returns so many numbers from 1 to `end`, spread over the whole range in no order; fewer if there are
/// not so many.
pub fn spread(end: u32, count: usize) -> Vec<i64> {
    // A prime number that divides no size, so every number occurs once before one is repeated.
    const STEP: u64 = 7_368_787;
    let end = u64::from(end.max(1));
    let count = count.min(end as usize) as u64;
    (0..count).map(|index| (index * STEP % end) as i64 + 1).collect()
}

/// Returns jobs spread over the whole table.
pub fn jobs(data: &DataSet, count: usize) -> Vec<JobId> {
    spread(data.jobs, count).into_iter().map(JobId).collect()
}

/// Returns customers spread over the whole table.
pub fn customers(data: &DataSet, count: usize) -> Vec<CustomerId> {
    spread(data.customers(), count).into_iter().map(CustomerId).collect()
}

/// Sets unfinished jobs back to the state before a technician accepted them, and returns them.
///
/// # Errors
/// The database can not be written.
pub fn assigned_jobs(data: &DataSet, count: usize) -> Result<Vec<JobId>> {
    let query = format!(
        "SELECT id AS value FROM jobs WHERE status NOT IN ('open', 'completed', 'closed', 'cancelled')
         AND id <= {} ORDER BY id DESC LIMIT {count}",
        data.jobs
    );
    let ids = data.store.numbers(&query)?;
    let list = ids.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
    data.store.execute(&format!(
        "UPDATE jobs SET status = 'assigned', held_status = NULL, on_hold_reason = NULL
         WHERE id IN ({list})"
    ))?;
    Ok(ids.into_iter().map(JobId).collect())
}

#[cfg(test)]
mod tests {
    use super::spread;

    #[test]
    fn numbers_are_spread_and_occur_once() {
        for end in [1, 333, 1_000, 1_000_000] {
            let mut all = spread(end, 400);
            assert!(all.iter().all(|number| (1..=i64::from(end)).contains(number)));
            all.sort_unstable();
            all.dedup();
            assert_eq!(all.len(), 400.min(end as usize));
        }
    }
}
