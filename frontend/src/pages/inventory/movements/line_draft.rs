//! One line of a movement form that is being entered.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::inventory::{Balance, Item, ItemUnit};
use shared::{ItemId, LocationId};

use crate::api;

/// What a line has to know of its item.
#[derive(Debug, Clone, PartialEq)]
pub struct PickedItem {
    pub id: ItemId,
    pub code: String,
    pub name: String,
    pub unit: ItemUnit,
    pub serialized: bool,
}

/// One line that is being typed.
#[derive(Clone, Copy)]
pub struct LineDraft {
    pub key: u32,
    pub item: RwSignal<Option<PickedItem>>,
    pub quantity: RwSignal<String>,
    pub serials: RwSignal<String>,
    /// Where the item lies, to say how much there is.
    balances: RwSignal<Option<Vec<Balance>>>,
}

impl LineDraft {
    /// Creates an empty line.
    pub fn new(key: u32) -> Self {
        Self {
            key,
            item: RwSignal::new(None),
            quantity: RwSignal::new(String::new()),
            serials: RwSignal::new(String::new()),
            balances: RwSignal::new(None),
        }
    }

    /// Chooses the item, and asks where it lies.
    pub fn pick(self, item: PickedItem) {
        let id = item.id;
        self.item.set(Some(item));
        self.balances.set(None);
        spawn_local(async move {
            // Without an answer the line only says less.
            if let Ok(detail) = api::inventory::get(id).await {
                self.balances.try_set(Some(detail.balances));
            }
        });
    }

    /// How much of the item lies at a place; unknown while it is being asked. Tracks.
    pub fn available(self, place: Option<LocationId>) -> Option<i64> {
        let place = place?;
        self.balances.with(|balances| {
            let there = balances.as_ref()?.iter().find(|balance| balance.location_id == place);
            Some(there.map_or(0, |balance| balance.quantity))
        })
    }

    /// The serial numbers, one per line or separated by commas.
    pub fn serial_numbers(self) -> Vec<String> {
        let text = self.serials.get_untracked();
        let parts = text.split(['\n', ',', ';', '\t']).map(str::trim);
        parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
    }

    /// Returns whether nothing has been entered.
    pub fn is_blank(self) -> bool {
        self.item.with_untracked(Option::is_none) && self.quantity.with_untracked(String::is_empty)
    }
}

impl From<Item> for PickedItem {
    fn from(item: Item) -> Self {
        let Item { id, code, name, unit, serialized, .. } = item;
        Self { id, code, name, unit, serialized }
    }
}
