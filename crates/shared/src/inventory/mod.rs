//! Inventory: items, locations and the ledger of movements.

mod bag_returns;
mod items;
mod lines;
mod movements;
mod queries;
mod types;

pub use bag_returns::*;
pub use items::*;
pub use lines::*;
pub use movements::*;
pub use queries::*;
pub use types::*;
