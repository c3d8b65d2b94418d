//! Choosing how much of an item is selected: buttons, and quantities that are typed.

use notify::telegram::Button;
use services::inventory::technician_stock::TechnicianStockItem;
use shared::Lang;
use shared::inventory::ItemUnit;
use shared::number::{parse_decimal, parse_integer};

use crate::callback_data::{CallbackData, serial_suffix};
use crate::format;
use crate::pickers::item_selection::ItemSelection;
use crate::texts;
use crate::view_context::ViewContext;

/// Units of one item that get a button.
const MAX_UNITS: usize = 12;

/// Changes the selected quantity of an item. Returns a message for the person if the item is gone or
/// the bag holds no more of it.
pub fn add(
    selection: &mut ItemSelection,
    lang: Lang,
    item: Option<&TechnicianStockItem>,
    change: i64,
) -> Option<&'static str> {
    let Some(item) = item else { return Some(texts::items::gone(lang)) };
    let wanted = selection.quantity(item.item_id).saturating_add(change);
    selection.set_quantity(item, wanted);
    (wanted > item.quantity).then(|| texts::items::no_more(lang))
}

/// Selects or deselects the unit whose serial number ends with `suffix`. Returns a message for the
/// person if there is no such unit.
pub fn toggle_unit(
    selection: &mut ItemSelection,
    lang: Lang,
    item: Option<&TechnicianStockItem>,
    suffix: &str,
) -> Option<&'static str> {
    let serial = item.and_then(|item| {
        let mut serials = item.serial_numbers.iter();
        Some((item.item_id, serials.find(|serial| serial.ends_with(suffix))?))
    });
    match serial {
        Some((id, serial)) => selection.toggle(id, serial),
        None => return Some(texts::items::gone(lang)),
    }
    None
}

/// A button for every unit of an item, with a tick if it is selected.
pub fn unit_rows<C: Into<CallbackData>>(
    view_ctx: ViewContext<'_>,
    selection: &ItemSelection,
    item: &TechnicianStockItem,
    callback: impl Fn(String) -> C,
) -> Vec<Vec<Button>> {
    let selected = selection.serials(item.item_id);
    let row = |serial: &String| {
        let mark = check_mark(selected.contains(serial));
        vec![view_ctx.button(format!("{mark} {serial}"), callback(serial_suffix(serial)))]
    };
    item.serial_numbers.iter().take(MAX_UNITS).map(row).collect()
}

/// The sign before something that can be selected.
pub const fn check_mark(selected: bool) -> &'static str {
    if selected { "☑️" } else { "⬜️" }
}

/// A button that adds to the quantity, or takes from it.
pub fn step_button<C: Into<CallbackData>>(
    view_ctx: ViewContext<'_>,
    change: i64,
    callback: impl Fn(i64) -> C,
) -> Button {
    let sign = if change < 0 { "−" } else { "+" };
    view_ctx.button(format!("{sign}{}", change.abs()), callback(change))
}

/// How much one press adds: cable is taken in lengths of five metres.
pub const fn step_size(unit: ItemUnit) -> i64 {
    match unit {
        ItemUnit::Metre => 5,
        _ => 1,
    }
}

/// Reads a typed quantity of an item without serial numbers.
///
/// # Errors
/// The message for the person: the text is no number, or more than the bag holds.
pub fn typed_quantity(lang: Lang, item: &TechnicianStockItem, text: &str) -> Result<i64, String> {
    let word = text.split_whitespace().next().unwrap_or_default();
    let Some(quantity) = parse_integer(word) else {
        return Err(match (parse_decimal(word), item.unit) {
            (None, _) => texts::items::type_quantity(lang).to_owned(),
            (Some(_), ItemUnit::Metre) => texts::items::whole_metres(lang).to_owned(),
            (Some(_), ItemUnit::Pieces) => texts::items::whole_pieces(lang).to_owned(),
        });
    };
    if (0..=item.quantity).contains(&quantity) {
        return Ok(quantity);
    }
    Err(texts::items::at_most(lang, format::quantity(item.quantity, item.unit)))
}

#[cfg(test)]
mod tests {
    use shared::ItemId;

    use super::*;

    #[test]
    fn a_fraction_of_a_metre_is_refused_with_the_reason() {
        let mut item = TechnicianStockItem {
            item_id: ItemId(1),
            name: "Kabel".into(),
            unit: ItemUnit::Metre,
            serialized: false,
            quantity: 1_500,
            serial_numbers: Vec::new(),
        };
        for text in ["35,5", "35.5 m"] {
            let refused = typed_quantity(Lang::Id, &item, text).unwrap_err();
            assert!(refused.starts_with("Hanya meter utuh"), "{refused}");
        }
        for (text, quantity) in [("35", 35), ("35 m", 35), ("1.200", 1_200), ("0", 0)] {
            assert_eq!(typed_quantity(Lang::Id, &item, text), Ok(quantity), "{text}");
        }
        item.unit = ItemUnit::Pieces;
        let refused = typed_quantity(Lang::En, &item, "1.5").unwrap_err();
        assert!(refused.starts_with("Whole pieces only"), "{refused}");
        let refused = typed_quantity(Lang::Id, &item, "banyak").unwrap_err();
        assert!(refused.starts_with("Ketik jumlahnya"), "{refused}");
    }
}
