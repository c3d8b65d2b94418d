//! Fields of an item, for a new one and for changes.

use leptos::prelude::*;
use shared::Rupiah;
use shared::inventory::{Item, ItemInput, ItemUnit};
use shared::validate::FieldFault;

use crate::components::field::{CheckField, ChoiceField, TextField};
use crate::components::form::Form;
use crate::components::form_parse::FormParser;
use crate::{enum_options, tl};

/// The input about an item.
#[derive(Clone, Copy)]
pub struct ItemDraft {
    code: RwSignal<String>,
    name: RwSignal<String>,
    category: RwSignal<String>,
    unit: RwSignal<String>,
    pack_size: RwSignal<String>,
    serialized: RwSignal<bool>,
    min_stock: RwSignal<String>,
    price: RwSignal<String>,
}

impl ItemDraft {
    /// Creates the input from a stored item, or empty.
    pub fn new(of: Option<&Item>) -> Self {
        let text = |read: fn(&Item) -> String| RwSignal::new(of.map(read).unwrap_or_default());
        Self {
            code: text(|item| item.code.clone()),
            name: text(|item| item.name.clone()),
            category: text(|item| item.category.clone()),
            unit: RwSignal::new(of.map_or(ItemUnit::Pieces, |item| item.unit).to_string()),
            pack_size: text(|item| item.pack_size.map(|size| size.to_string()).unwrap_or_default()),
            serialized: RwSignal::new(of.is_some_and(|item| item.serialized)),
            min_stock: text(|item| item.min_stock.unwrap_or_default().to_string()),
            price: text(|item| item.price.unwrap_or_default().0.to_string()),
        }
    }

    /// Returns the checked request.
    ///
    /// # Errors
    /// Every wrong field.
    pub fn request(self) -> Result<ItemInput, Vec<FieldFault>> {
        let mut parser = FormParser::default();
        let input = ItemInput {
            code: self.code.get_untracked(),
            name: self.name.get_untracked(),
            category: self.category.get_untracked(),
            unit: self.unit.get_untracked().parse().unwrap_or(ItemUnit::Pieces),
            pack_size: parser.integer("pack_size", self.pack_size),
            serialized: self.serialized.get_untracked(),
            min_stock: parser.integer("min_stock", self.min_stock).unwrap_or_default(),
            price: Rupiah(parser.integer("price", self.price).unwrap_or_default()),
        };
        parser.merge(input.parse())
    }
}

/// The fields.
#[component]
pub fn ItemFields(form: Form, draft: ItemDraft) -> impl IntoView {
    view! {
        <div class="grid gap-4 sm:grid-cols-2">
            <TextField
                form=form
                name="code"
                label=tl!(inventory.code)
                hint=tl!(inventory.code_hint)
                value=draft.code
                required=true
                autofocus=true
            />
            <TextField
                form=form
                name="category"
                label=tl!(inventory.category)
                hint=tl!(inventory.category_hint)
                value=draft.category
                required=true
            />
        </div>
        <TextField form=form name="name" label=tl!(inventory.name) value=draft.name required=true />
        <ChoiceField
            form=form
            name="unit"
            label=tl!(inventory.unit)
            value=draft.unit
            options=enum_options!(ItemUnit)
        />
        <TextField
            form=form
            name="pack_size"
            label=tl!(inventory.pack_size)
            hint=tl!(inventory.pack_size_hint)
            value=draft.pack_size
            inputmode="numeric"
        />
        <CheckField form=form name="serialized" label=tl!(inventory.serialized_long) value=draft.serialized />
        <div class="grid gap-4 sm:grid-cols-2">
            <TextField
                form=form
                name="min_stock"
                label=tl!(inventory.min_stock)
                hint=tl!(inventory.min_hint)
                value=draft.min_stock
                inputmode="numeric"
            />
            <TextField
                form=form
                name="price"
                label=tl!(inventory.price)
                hint=tl!(inventory.price_hint)
                value=draft.price
                inputmode="numeric"
            />
        </div>
    }
}
