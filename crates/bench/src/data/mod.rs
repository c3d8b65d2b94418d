//! The data sets that the server is measured on: one per database and size, kept between runs.

mod folder;
pub mod samples;
mod store;

use std::path::PathBuf;

pub use folder::DataFolder;
pub use store::{Store, connect};

use crate::plan::Database;

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
