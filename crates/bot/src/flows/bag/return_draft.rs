//! A return on its way to being sent.

use serde::{Deserialize, Serialize};
use services::inventory::technician_stock::TechnicianStockItem;
use shared::ItemId;
use shared::inventory::BagReturnCreate;

use crate::flows::item_selection::ItemSelection;

/// What goes back, as far as it is told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnDraft {
    pub picks: ItemSelection,
    /// The item that is looked at closely.
    pub item: Option<ItemId>,
    /// The page of the items.
    pub page: usize,
}

impl ReturnDraft {
    /// Forgets what is in the bag no longer.
    pub fn retain_available(&mut self, bag: &[TechnicianStockItem]) {
        self.picks.retain_available(|id| bag.iter().find(|item| item.item_id == id));
    }

    /// The request that says so.
    pub fn to_request(&self) -> BagReturnCreate {
        BagReturnCreate { technician_id: None, lines: self.picks.to_lines() }
    }
}
