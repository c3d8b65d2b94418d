//! What is taken out of a bag, item by item: used for a job, or handed back.

use serde::{Deserialize, Serialize};
use services::inventory::technician_stock::TechnicianStockItem;
use shared::ItemId;
use shared::inventory::Line;

/// So much of one item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelectedItem {
    pub item: ItemId,
    pub quantity: i64,
    /// Of serialised items: one per piece.
    pub serials: Vec<String>,
}

/// What is picked; an item of which nothing is picked any more stays in its place.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ItemSelection(Vec<SelectedItem>);

impl ItemSelection {
    /// Every item that was ever picked.
    pub fn all(&self) -> &[SelectedItem] {
        &self.0
    }

    /// The items of which something is picked.
    pub fn selected(&self) -> impl Iterator<Item = &SelectedItem> {
        self.0.iter().filter(|picked| picked.quantity > 0)
    }

    /// How much of an item is picked.
    pub fn quantity(&self, item: ItemId) -> i64 {
        self.find(item).map_or(0, |picked| picked.quantity)
    }

    /// The units of an item that are picked.
    pub fn serials(&self, item: ItemId) -> &[String] {
        self.find(item).map(|picked| picked.serials.as_slice()).unwrap_or_default()
    }

    fn find(&self, item: ItemId) -> Option<&SelectedItem> {
        self.0.iter().find(|picked| picked.item == item)
    }

    /// Picks so much of an item, at most what is in the bag; of units those that come first.
    pub fn set_quantity(&mut self, item: &TechnicianStockItem, quantity: i64) {
        let quantity = quantity.clamp(0, item.quantity);
        let count = usize::try_from(quantity).unwrap_or(0);
        let serials = item.serial_numbers.iter().take(count).cloned().collect();
        *self.entry(item.item_id) = SelectedItem { item: item.item_id, quantity, serials };
    }

    /// Picks a unit, or puts it back.
    pub fn toggle(&mut self, item: ItemId, serial: &str) {
        let mut serials = self.serials(item).to_vec();
        match serials.iter().position(|one| one == serial) {
            Some(index) => {
                serials.remove(index);
            }
            None => serials.push(serial.to_owned()),
        }
        self.set_serials(item, serials);
    }

    /// Picks these units of an item and no others.
    pub fn set_serials(&mut self, item: ItemId, serials: Vec<String>) {
        let quantity = serials.len() as i64;
        *self.entry(item) = SelectedItem { item, quantity, serials };
    }

    /// Forgets what is in the bag no longer.
    pub fn retain_available<'a>(
        &mut self,
        in_bag: impl Fn(ItemId) -> Option<&'a TechnicianStockItem>,
    ) {
        self.0.retain_mut(|picked| {
            let Some(item) = in_bag(picked.item) else { return false };
            if item.serialized {
                picked.serials.retain(|serial| item.serial_numbers.contains(serial));
                picked.quantity = picked.serials.len() as i64;
            } else {
                picked.quantity = picked.quantity.min(item.quantity);
            }
            true
        });
    }

    /// The lines of a request that says so.
    pub fn to_lines(&self) -> Vec<Line> {
        let line = |picked: &SelectedItem| Line {
            item_id: picked.item,
            quantity: picked.quantity,
            serial_numbers: (!picked.serials.is_empty()).then(|| picked.serials.clone()),
        };
        self.selected().map(line).collect()
    }

    fn entry(&mut self, item: ItemId) -> &mut SelectedItem {
        let index = match self.0.iter().position(|picked| picked.item == item) {
            Some(index) => index,
            None => {
                self.0.push(SelectedItem { item, quantity: 0, serials: Vec::new() });
                self.0.len() - 1
            }
        };
        &mut self.0[index]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::inventory::ItemUnit;

    fn modem(serials: &[&str]) -> TechnicianStockItem {
        TechnicianStockItem {
            item_id: ItemId(1),
            name: "Modem".into(),
            unit: ItemUnit::Pieces,
            serialized: true,
            quantity: serials.len() as i64,
            serial_numbers: serials.iter().map(|serial| (*serial).to_owned()).collect(),
        }
    }

    #[test]
    fn no_more_is_selected_than_is_in_stock() {
        let cable = TechnicianStockItem { serialized: false, quantity: 40, ..modem(&[]) };
        let mut picks = ItemSelection::default();
        picks.set_quantity(&cable, 100);
        assert_eq!(picks.quantity(cable.item_id), 40);
        let less = TechnicianStockItem { quantity: 15, ..cable };
        picks.retain_available(|_| Some(&less));
        assert_eq!(picks.to_lines()[0].quantity, 15);
        picks.retain_available(|_| None);
        assert!(picks.to_lines().is_empty());
    }

    #[test]
    fn units_are_selected_one_by_one_with_their_serial_numbers() {
        let item = modem(&["A1", "B2"]);
        let mut picks = ItemSelection::default();
        picks.toggle(item.item_id, "B2");
        assert_eq!(picks.to_lines()[0].serial_numbers, Some(vec!["B2".to_owned()]));
        picks.toggle(item.item_id, "B2");
        assert!(picks.to_lines().is_empty());
        picks.set_quantity(&item, 2);
        let left = modem(&["B2"]);
        picks.retain_available(|_| Some(&left));
        assert_eq!(picks.serials(item.item_id), ["B2".to_owned()]);
    }
}
