//! The warehouse.

pub mod items;
pub mod locations;
pub mod movements;
