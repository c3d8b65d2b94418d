//! Import of customers and items from spreadsheets.
//!
//! [`reader`] turns a file into rows, [`columns`] maps its headings to fields, [`batches`]
//! processes the rows in many short transactions, and [`customer_upsert`] and [`item_upsert`] validate
//! the rows and save the valid ones. [`file_columns`] tells before that how a file is understood, and
//! [`undo`] takes an import back. Plans must exist before customers that name them: an unknown plan is
//! a fault of its row.

mod audit_snapshot;
mod batches;
mod cell_parser;
mod columns;
mod csv_file;
mod customer_columns;
mod customer_match;
mod customer_preview;
mod customer_row;
mod customer_upsert;
mod file_columns;
mod history;
mod item_columns;
mod item_preview;
mod item_row;
mod item_upsert;
mod kinds;
mod lease;
mod plan_names;
mod prepared_file;
mod preview;
mod quotes;
mod reader;
mod rejected_rows;
mod remarks;
mod report;
mod request;
mod target;
mod undo;
mod undo_customers;
mod undo_items;
mod value_guess;
mod vocabulary;
mod xlsx;

pub use batches::ImportResponse;
pub use history::list;
pub use kinds::{Importer, columns_of_file, import, rejected_rows};
pub use report::MAX_PROBLEMS;
pub use request::{ImportRequest, parse_mapping};
pub use undo::{UndoResponse, undo};
