//! Who did what: nobody can change or remove what stands here.

mod diff;
mod entry;
mod filters;
mod list;
mod words;

pub use list::AuditPage;
