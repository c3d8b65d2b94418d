//! Technicians.

mod bag;
pub mod detail;
mod duty_status;
pub mod edit;
mod fields;
mod list;
pub mod new;
mod registrations;
mod skills;

pub use list::TechniciansPage;
