//! Who did what: nobody can change or remove what stands here.

mod diff;
mod entry;
mod filters;
mod labels;
mod list;
mod types;

pub use list::AuditPage;
