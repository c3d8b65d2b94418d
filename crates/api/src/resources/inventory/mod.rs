//! Warehouse.

pub mod bag_returns;
pub mod items;
pub mod locations;
pub mod movements;
