//! The ledger: what moved from where to where, and the forms that move goods.

mod carried_stock;
mod ledger;
mod lines;
mod location_select;
mod movement_request;
pub mod new;
mod reverse;
mod single_line;
mod table;

pub use carried_stock::technician_stock;
pub use ledger::MovementsPage;
pub use table::MovementTable;

use crate::tr;

/// The kinds of movement that people book by hand, as the address has them.
pub const KINDS: [&str; 5] = ["receipt", "issue", "return", "transfer", "adjustment"];

/// The word for a kind of booking; follows the language.
pub fn kind_label(kind: &'static str) -> impl Fn() -> &'static str + Copy + Send {
    move || match kind {
        "receipt" => tr!(inventory.kind.receipt),
        "issue" => tr!(inventory.kind.issue),
        "return" => tr!(inventory.kind.giveback),
        "transfer" => tr!(inventory.kind.transfer),
        _ => tr!(inventory.kind.adjustment),
    }
}
