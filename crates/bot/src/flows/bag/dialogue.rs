//! Dialogue of the technician's bag: a return that is being prepared.

use serde::{Deserialize, Serialize};
use services::inventory::technician_stock::TechnicianStockItem;
use shared::ItemId;
use shared::inventory::BagReturnCreate;

use crate::pickers::item_selection::ItemSelection;

/// What the flow waits for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum BagDialogue {
    /// A return is being prepared.
    GivingBack(ReturnDraft),
}

impl BagDialogue {
    /// The item of which the quantity is asked for.
    pub const fn item(&self) -> Option<ItemId> {
        let BagDialogue::GivingBack(draft) = self;
        draft.item
    }
}

/// A return that is being prepared.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnDraft {
    pub picks: ItemSelection,
    /// The item that is shown in detail.
    pub item: Option<ItemId>,
    /// The page of the items.
    pub page: usize,
}

impl ReturnDraft {
    /// Removes what the bag no longer holds.
    pub fn retain_available(&mut self, bag: &[TechnicianStockItem]) {
        self.picks.retain_available(|id| bag.iter().find(|item| item.item_id == id));
    }

    /// The request to the warehouse.
    pub fn to_request(&self) -> BagReturnCreate {
        BagReturnCreate { technician_id: None, lines: self.picks.to_lines() }
    }
}
