//! Returns of technicians to the warehouse (*pengembalian*).

mod confirm_count;
mod decision;
pub mod detail;
mod list;
mod reject;
mod status_style;

pub use list::BagReturnsPage;
