//! Importing what an operator already has in a spreadsheet.
//!
//! [`reader`] turns a file into rows, [`columns`] finds out what the columns mean, [`customers`]
//! and [`items`] check the rows and write the good ones in one transaction. Plans have to be there
//! before customers that name them: an unknown plan is a fault of its row.

mod cells;
mod columns;
mod csv_file;
pub mod customers;
mod headings;
pub mod items;
mod merge;
mod reader;
mod report;
mod trace;
mod xlsx_file;

pub use report::MAX_PROBLEMS;
