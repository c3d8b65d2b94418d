//! The values of an item as a dry run shows them.

use shared::inventory::{ItemInput, ItemUnit};
use shared::{Lang, Localized};

use super::preview::ValueChange;

/// The values before, none for a new item, beside those after.
pub(super) fn changes(
    before: Option<&ItemInput>,
    after: &ItemInput,
    received_stock: Option<i64>,
    lang: Lang,
) -> Vec<ValueChange> {
    let change = |field, text: &dyn Fn(&ItemInput) -> Option<String>| ValueChange {
        field,
        before: before.and_then(text),
        after: text(after),
    };
    let mut changes = vec![
        change("name", &|item| Some(item.name.clone())),
        change("category", &|item| Some(item.category.clone())),
        change("unit", &|item| Some(unit_word(item.unit).in_lang(lang).to_owned())),
        change("pack_size", &|item| item.pack_size.map(|size| size.to_string())),
        change("serialized", &|item| Some(yes_or_no(item.serialized).in_lang(lang).to_owned())),
        change("min_stock", &|item| Some(item.min_stock.to_string())),
        change("price", &|item| Some(item.price.0.to_string())),
    ];
    changes.push(ValueChange {
        field: "opening_stock",
        before: None,
        after: received_stock.map(|quantity| quantity.to_string()),
    });
    changes
}

const fn unit_word(unit: ItemUnit) -> Localized {
    match unit {
        ItemUnit::Pieces => Localized { id: "pcs", en: "pcs" },
        ItemUnit::Metre => Localized { id: "meter", en: "metre" },
    }
}

const fn yes_or_no(value: bool) -> Localized {
    if value { Localized { id: "ya", en: "yes" } } else { Localized { id: "tidak", en: "no" } }
}
