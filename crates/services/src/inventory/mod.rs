//! Inventory: items, locations, movements and the ledger.
//!
//! Stock moves only through [`ledger`]; the other modules decide what moves from where to where.

pub mod bag_returns;
pub mod imported_items;
pub mod items;
pub mod job_materials;
pub mod job_stock;
pub mod ledger;
pub mod locations;
pub mod movements;
pub mod technician_stock;
pub mod units;

mod low_stock;
mod movement_lines;
mod reversal;
mod serials;

pub use reversal::reverse;
