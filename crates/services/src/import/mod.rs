//! Importing what an operator already has in a spreadsheet.
//!
//! [`reader`] turns a file into rows, [`columns`] finds out what the columns mean, [`pieces`] goes
//! through the rows in many short transactions, and [`customers`] and [`items`] check the rows and
//! write the good ones. Plans have to be there before customers that name them: an unknown plan is a
//! fault of its row.

mod audit_snapshot;
mod batches;
mod cell_parser;
mod column_aliases;
mod columns;
mod csv_file;
mod customer_upsert;
pub mod customers;
pub mod items;
mod lease;
mod reader;
mod report;
mod sheet;
mod xlsx;

pub use batches::{ImportRequest, ImportResponse};
pub use report::MAX_PROBLEMS;
