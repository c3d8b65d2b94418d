//! What technicians hand back (*pengembalian*): the list, and counting one of them.

mod count;
pub mod detail;
mod list;
mod look;
mod reject;

pub use list::BagReturnsPage;
