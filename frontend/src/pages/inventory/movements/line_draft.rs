//! One line of a movement form.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::inventory::{Balance, Item, ItemUnit};
use shared::{ItemId, LocationId};

use crate::api;

/// The item of a line.
#[derive(Debug, Clone, PartialEq)]
pub struct PickedItem {
    pub id: ItemId,
    pub code: String,
    pub name: String,
    pub unit: ItemUnit,
    pub pack_size: Option<i64>,
    pub serialized: bool,
}

/// The input of one line.
#[derive(Clone, Copy)]
pub struct LineDraft {
    pub key: u32,
    pub item: RwSignal<Option<PickedItem>>,
    pub quantity: RwSignal<String>,
    pub serials: RwSignal<String>,
    /// The quantity counts packs.
    pub in_packs: RwSignal<bool>,
    /// Stock of the item per location, to show how much is available.
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
            in_packs: RwSignal::new(false),
            balances: RwSignal::new(None),
        }
    }

    /// Chooses the item and loads its balances.
    pub fn pick(self, item: PickedItem) {
        let id = item.id;
        self.item.set(Some(item));
        self.in_packs.set(false);
        self.balances.set(None);
        spawn_local(async move {
            // Without a response only the available quantity is missing.
            if let Ok(detail) = api::inventory::get(id).await {
                self.balances.try_set(Some(detail.balances));
            }
        });
    }

    /// Returns the stock at a location; `None` while it is loading. Tracks.
    pub fn available(self, place: Option<LocationId>) -> Option<i64> {
        let place = place?;
        self.balances.with(|balances| {
            let there = balances.as_ref()?.iter().find(|balance| balance.location_id == place);
            Some(there.map_or(0, |balance| balance.quantity))
        })
    }

    /// Returns the serial numbers, one per line or separated by commas.
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
        let Item { id, code, name, unit, pack_size, serialized, .. } = item;
        Self { id, code, name, unit, pack_size, serialized }
    }
}
