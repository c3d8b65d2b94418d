//! Inventory movements: the ledger and the booking forms.

mod ledger;
mod line_draft;
mod lines;
mod location_select;
mod movement_request;
pub mod new;
mod reverse;
mod single_line;
mod table;
mod types;

pub use ledger::MovementsPage;
pub use table::MovementTable;
pub use types::BookingKind;
