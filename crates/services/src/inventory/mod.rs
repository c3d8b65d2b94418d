//! The warehouse: items, locations and the ledger of movements.
//!
//! Goods only ever move in [`ledger`]; everything else decides what moves from where to where.

pub mod at_hand;
pub mod bag_returns;
pub mod carried;
pub mod items;
pub mod job_materials;
pub mod ledger;
pub mod locations;
pub mod movements;
pub mod units;

mod lines;
mod low_stock;
mod reversal;
mod serials;

pub use reversal::reverse;
