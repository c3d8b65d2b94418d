//! The warehouse: nothing appears, nothing vanishes, nothing is taken twice.

mod bag_returns;
mod import;
mod items;
mod job_materials;
mod ledger_property;
mod lists;
mod low_stock;
mod movements;
mod reversal;
mod serials;
mod technician_scope;
mod world;
