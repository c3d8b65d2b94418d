//! A return on its way to being sent.

use serde::{Deserialize, Serialize};
use services::inventory::carried::Carried;
use shared::ItemId;
use shared::inventory::{BagReturnCreate, Line};

/// What goes back of one item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chosen {
    pub item: ItemId,
    pub quantity: i64,
    /// Of serialised items: one per piece.
    pub serials: Vec<String>,
}

/// What goes back, as far as it is told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    pub chosen: Vec<Chosen>,
    /// The item that is looked at closely.
    pub item: Option<ItemId>,
    /// The page of the items.
    pub page: usize,
}

impl Draft {
    /// How much of an item goes back.
    pub fn quantity(&self, item: ItemId) -> i64 {
        self.chosen.iter().find(|chosen| chosen.item == item).map_or(0, |chosen| chosen.quantity)
    }

    /// The units of an item that go back.
    pub fn serials(&self, item: ItemId) -> &[String] {
        let chosen = self.chosen.iter().find(|chosen| chosen.item == item);
        chosen.map(|chosen| chosen.serials.as_slice()).unwrap_or_default()
    }

    /// Gives so much of an item back, at most what is in the bag; of units those that come first.
    pub fn set_quantity(&mut self, item: &Carried, quantity: i64) {
        let quantity = quantity.clamp(0, item.quantity);
        let count = usize::try_from(quantity).unwrap_or(0);
        let serials = item.serial_numbers.iter().take(count).cloned().collect();
        *self.entry(item.item_id) = Chosen { item: item.item_id, quantity, serials };
    }

    /// Takes a unit, or puts it back.
    pub fn toggle(&mut self, item: ItemId, serial: &str) {
        let chosen = self.entry(item);
        match chosen.serials.iter().position(|one| one == serial) {
            Some(index) => {
                chosen.serials.remove(index);
            }
            None => chosen.serials.push(serial.to_owned()),
        }
        chosen.quantity = chosen.serials.len() as i64;
    }

    /// Forgets what is in the bag no longer.
    pub fn fit(&mut self, bag: &[Carried]) {
        self.chosen.retain_mut(|chosen| {
            let Some(item) = bag.iter().find(|item| item.item_id == chosen.item) else {
                return false;
            };
            if item.serialized {
                chosen.serials.retain(|serial| item.serial_numbers.contains(serial));
                chosen.quantity = chosen.serials.len() as i64;
            } else {
                chosen.quantity = chosen.quantity.min(item.quantity);
            }
            chosen.quantity > 0
        });
    }

    /// The request that says so.
    pub fn request(&self) -> BagReturnCreate {
        let line = |chosen: &Chosen| Line {
            item_id: chosen.item,
            quantity: chosen.quantity,
            serial_numbers: (!chosen.serials.is_empty()).then(|| chosen.serials.clone()),
        };
        let lines = self.chosen.iter().filter(|chosen| chosen.quantity > 0).map(line).collect();
        BagReturnCreate { technician_id: None, lines }
    }

    fn entry(&mut self, item: ItemId) -> &mut Chosen {
        let index = match self.chosen.iter().position(|chosen| chosen.item == item) {
            Some(index) => index,
            None => {
                self.chosen.push(Chosen { item, quantity: 0, serials: Vec::new() });
                self.chosen.len() - 1
            }
        };
        &mut self.chosen[index]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::inventory::ItemUnit;

    fn modem(serials: &[&str]) -> Carried {
        Carried {
            item_id: ItemId(1),
            name: "Modem".into(),
            unit: ItemUnit::Pieces,
            serialized: true,
            quantity: serials.len() as i64,
            serial_numbers: serials.iter().map(|serial| (*serial).to_owned()).collect(),
        }
    }

    #[test]
    fn never_more_goes_back_than_is_there() {
        let cable = Carried { serialized: false, quantity: 40, ..modem(&[]) };
        let mut draft = Draft::default();
        draft.set_quantity(&cable, 100);
        assert_eq!(draft.quantity(cable.item_id), 40);
        draft.fit(&[Carried { quantity: 15, ..cable.clone() }]);
        assert_eq!(draft.request().lines[0].quantity, 15);
        draft.fit(&[]);
        assert!(draft.request().lines.is_empty());
    }

    #[test]
    fn units_are_ticked_one_by_one_and_go_with_their_serial_numbers() {
        let item = modem(&["A1", "B2"]);
        let mut draft = Draft::default();
        draft.toggle(item.item_id, "B2");
        assert_eq!(draft.request().lines[0].serial_numbers, Some(vec!["B2".to_owned()]));
        draft.toggle(item.item_id, "B2");
        assert!(draft.request().lines.is_empty());
        draft.set_quantity(&item, 2);
        draft.fit(&[modem(&["B2"])]);
        assert_eq!(
            (draft.quantity(item.item_id), draft.serials(item.item_id)),
            (1, &["B2".to_owned()][..])
        );
    }
}
