//! Input elements that several flows share: pages of a list, a reason, items of a bag.

pub mod item_picker;
pub mod item_selection;
pub mod pagination;
pub mod reason_picker;
