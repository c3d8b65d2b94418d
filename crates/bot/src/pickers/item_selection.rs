//! Selection of items from a bag: what was used for a job, or what is returned.

use serde::{Deserialize, Serialize};
use services::inventory::technician_stock::TechnicianStockItem;
use shared::ItemId;
use shared::inventory::Line;

/// The selected quantity of one item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelectedItem {
    pub item: ItemId,
    pub quantity: i64,
    /// One per unit, of items with serial numbers.
    pub serials: Vec<String>,
}

/// The selected items. An item keeps its position when its quantity becomes zero.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ItemSelection(Vec<SelectedItem>);

impl ItemSelection {
    /// Every item that was ever selected.
    pub fn all(&self) -> &[SelectedItem] {
        &self.0
    }

    /// The items with a quantity.
    pub fn selected(&self) -> impl Iterator<Item = &SelectedItem> {
        self.0.iter().filter(|selected| selected.quantity > 0)
    }

    /// The selected quantity of an item.
    pub fn quantity(&self, item: ItemId) -> i64 {
        self.find(item).map_or(0, |selected| selected.quantity)
    }

    /// The serial numbers of the selected units of an item.
    pub fn serials(&self, item: ItemId) -> &[String] {
        self.find(item).map(|selected| selected.serials.as_slice()).unwrap_or_default()
    }

    fn find(&self, item: ItemId) -> Option<&SelectedItem> {
        self.0.iter().find(|selected| selected.item == item)
    }

    /// Selects this quantity of an item, at most what is in the bag; of units the first ones.
    pub fn set_quantity(&mut self, item: &TechnicianStockItem, quantity: i64) {
        let quantity = quantity.clamp(0, item.quantity);
        let count = usize::try_from(quantity).unwrap_or(0);
        let serials = item.serial_numbers.iter().take(count).cloned().collect();
        *self.entry(item.item_id) = SelectedItem { item: item.item_id, quantity, serials };
    }

    /// Selects or deselects a unit.
    pub fn toggle(&mut self, item: ItemId, serial: &str) {
        let mut serials = self.serials(item).to_vec();
        match serials.iter().position(|known| known == serial) {
            Some(index) => {
                serials.remove(index);
            }
            None => serials.push(serial.to_owned()),
        }
        self.set_serials(item, serials);
    }

    /// Selects these units of an item and no others.
    pub fn set_serials(&mut self, item: ItemId, serials: Vec<String>) {
        let quantity = serials.len() as i64;
        *self.entry(item) = SelectedItem { item, quantity, serials };
    }

    /// Removes what the bag no longer holds.
    pub fn retain_available<'a>(
        &mut self,
        in_bag: impl Fn(ItemId) -> Option<&'a TechnicianStockItem>,
    ) {
        self.0.retain_mut(|selected| {
            let Some(item) = in_bag(selected.item) else { return false };
            if item.serialized {
                selected.serials.retain(|serial| item.serial_numbers.contains(serial));
                selected.quantity = selected.serials.len() as i64;
            } else {
                selected.quantity = selected.quantity.min(item.quantity);
            }
            true
        });
    }

    /// The lines of a request.
    pub fn to_lines(&self) -> Vec<Line> {
        let line = |selected: &SelectedItem| Line {
            item_id: selected.item,
            quantity: selected.quantity,
            serial_numbers: (!selected.serials.is_empty()).then(|| selected.serials.clone()),
        };
        self.selected().map(line).collect()
    }

    fn entry(&mut self, item: ItemId) -> &mut SelectedItem {
        let index = match self.0.iter().position(|selected| selected.item == item) {
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
        let mut selection = ItemSelection::default();
        selection.set_quantity(&cable, 100);
        assert_eq!(selection.quantity(cable.item_id), 40);
        let less = TechnicianStockItem { quantity: 15, ..cable };
        selection.retain_available(|_| Some(&less));
        assert_eq!(selection.to_lines()[0].quantity, 15);
        selection.retain_available(|_| None);
        assert!(selection.to_lines().is_empty());
    }

    #[test]
    fn units_are_selected_one_by_one_with_their_serial_numbers() {
        let item = modem(&["A1", "B2"]);
        let mut selection = ItemSelection::default();
        selection.toggle(item.item_id, "B2");
        assert_eq!(selection.to_lines()[0].serial_numbers, Some(vec!["B2".to_owned()]));
        selection.toggle(item.item_id, "B2");
        assert!(selection.to_lines().is_empty());
        selection.set_quantity(&item, 2);
        let left = modem(&["B2"]);
        selection.retain_available(|_| Some(&left));
        assert_eq!(selection.serials(item.item_id), ["B2".to_owned()]);
    }
}
