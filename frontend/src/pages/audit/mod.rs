//! Audit log.

mod entry;
mod filters;
mod labels;
mod list;
mod types;

pub use list::AuditPage;
