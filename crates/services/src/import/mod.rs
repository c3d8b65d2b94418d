//! Importing what an operator already has in a spreadsheet.
//!
//! [`reader`] turns a file into rows, [`columns`] finds out what the columns mean, [`pieces`] goes
//! through the rows in many short transactions, and [`customers`] and [`items`] check the rows and
//! write the good ones. Plans have to be there before customers that name them: an unknown plan is a
//! fault of its row.

mod cells;
mod columns;
mod csv_file;
pub mod customers;
mod headings;
pub mod items;
mod lease;
mod merge;
mod pieces;
mod reader;
mod report;
mod sheet;
mod trace;
mod xlsx;

pub use pieces::{Answer, Order};
pub use report::MAX_PROBLEMS;
