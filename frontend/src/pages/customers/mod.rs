//! Customers.

pub mod detail;
pub mod edit;
mod fields;
mod jobs;
mod list;
pub mod new;

pub use jobs::JobTable;
pub use list::CustomersPage;
