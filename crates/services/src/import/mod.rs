//! Import of customers and items from spreadsheets.
//!
//! [`reader`] turns a file into rows, [`columns`] maps its headings to fields, [`batches`]
//! processes the rows in many short transactions, and [`customers`] and [`items`] validate the rows
//! and save the valid ones. Plans must exist before customers that name them: an unknown plan is a
//! fault of its row.

mod audit_snapshot;
mod batches;
mod cell_parser;
mod columns;
mod csv_file;
mod customer_row;
mod customer_upsert;
pub mod customers;
pub mod items;
mod lease;
mod plan_names;
mod quotes;
mod reader;
mod report;
mod request;
mod xlsx;

pub use batches::ImportResponse;
pub use report::MAX_PROBLEMS;
pub use request::ImportRequest;
