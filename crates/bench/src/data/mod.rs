//! The data sets that the server is measured on: one per database and size, kept between runs.

pub mod samples;
mod store;

use std::path::PathBuf;

pub use store::{Store, connect};

use crate::plan::Database;

/// Jobs per customer on average.
const JOBS_PER_CUSTOMER: u32 = 3;
/// Jobs per technician, as long as their number is within [`TECHNICIANS`].
const JOBS_PER_TECHNICIAN: u32 = 2_500;
const TECHNICIANS: std::ops::RangeInclusive<u32> = 12..=400;

/// A database filled with the work of two years.
#[derive(Debug, Clone)]
pub struct DataSet {
    pub database: Database,
    /// Number of jobs that it was filled with.
    pub jobs: u32,
    pub store: Store,
    /// The server's folder of photos, which belongs to the database.
    pub uploads: PathBuf,
}

impl DataSet {
    /// The number of customers that it was filled with.
    pub const fn customers(&self) -> u32 {
        self.jobs / JOBS_PER_CUSTOMER
    }

    /// The number of technicians that it was filled with.
    pub fn technicians(&self) -> u32 {
        (self.jobs / JOBS_PER_TECHNICIAN).clamp(*TECHNICIANS.start(), *TECHNICIANS.end())
    }
}
