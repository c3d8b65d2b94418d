//! Inventory: items, movements, ledger and technician stock.

mod bag_returns;
mod dismantling;
mod fixtures;
mod item_upsert;
mod items;
mod job_materials;
mod ledger_property;
mod lists;
mod low_stock;
mod movements;
mod reversal;
mod serial_numbers;
mod technician_scope;
