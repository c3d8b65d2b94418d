//! The warehouse: items, locations and the ledger of movements.

mod bag_returns;
mod items;
mod kinds;
mod lines;
mod movements;
mod queries;

pub use bag_returns::*;
pub use items::*;
pub use kinds::*;
pub use lines::*;
pub use movements::*;
pub use queries::*;
