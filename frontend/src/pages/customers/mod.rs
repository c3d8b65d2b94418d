//! Customers.

pub mod detail;
pub mod edit;
mod fields;
mod jobs;
mod list;
pub mod new;
mod nik;
pub mod place;

pub use list::CustomersPage;
