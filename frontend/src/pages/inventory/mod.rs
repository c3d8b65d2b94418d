//! Inventory.

mod balances;
pub mod detail;
pub mod edit;
mod fields;
mod list;
pub mod locations;
pub mod movements;
pub mod new;
pub mod returns;
mod stock;
mod units;

pub use list::InventoryPage;
