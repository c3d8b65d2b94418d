//! What technicians hand back (*pengembalian*): the list, and counting one of them.

mod confirm_count;
mod decision;
pub mod detail;
mod list;
mod reject;
mod status_style;

pub use list::BagReturnsPage;
