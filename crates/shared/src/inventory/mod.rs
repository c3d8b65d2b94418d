//! The warehouse: items, locations and the ledger of movements.

mod items;
mod kinds;
mod lines;
mod movements;
mod queries;

pub use items::*;
pub use kinds::*;
pub use lines::*;
pub use movements::*;
pub use queries::*;
