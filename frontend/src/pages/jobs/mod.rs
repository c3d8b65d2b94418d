//! Jobs: the list, one job, a new one.

mod list;

pub mod detail;
pub mod edit;
pub mod new;

pub use list::JobsPage;
