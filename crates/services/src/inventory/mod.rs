//! The warehouse: items, locations and the ledger of movements.

pub mod items;
pub mod job_materials;
pub mod locations;
