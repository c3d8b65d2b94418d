//! Default materials of a job type.

use std::collections::HashMap;

use leptos::prelude::*;
use shared::ItemId;
use shared::inventory::{Item, ItemUnit};
use shared::settings::MaterialLine;

use crate::components::form::Form;
use crate::components::form_parse::FormParser;
use crate::components::icon::{Icon, IconName};
use crate::components::item_picker::ItemPicker;
use crate::core::labels::Label;
use crate::{tl, tr};

/// The input of one line.
#[derive(Clone, Copy)]
struct MaterialDraft {
    item: StoredValue<Item>,
    quantity: RwSignal<String>,
}

impl MaterialDraft {
    fn id(self) -> ItemId {
        self.item.with_value(|item| item.id)
    }
}

/// The input of all lines.
#[derive(Clone, Copy)]
pub struct MaterialDrafts(RwSignal<Vec<MaterialDraft>>);

impl MaterialDrafts {
    /// Creates the input from the stored lines and the names of the items.
    pub fn new(lines: &[MaterialLine], items: &HashMap<ItemId, Item>) -> Self {
        let draft = |line: &MaterialLine| {
            let item = items.get(&line.item_id).cloned();
            MaterialDraft {
                item: StoredValue::new(item.unwrap_or_else(|| unknown(line.item_id))),
                quantity: RwSignal::new(line.quantity.to_string()),
            }
        };
        Self(RwSignal::new(lines.iter().map(draft).collect()))
    }

    /// Returns the lines of the request.
    pub fn lines(self, path: &str, parser: &mut FormParser) -> Vec<MaterialLine> {
        let lines = self.0.get_untracked();
        let line = |(index, line): (usize, MaterialDraft)| MaterialLine {
            item_id: line.id(),
            quantity: parser.required_integer(&format!("{path}[{index}].quantity"), line.quantity),
        };
        lines.into_iter().enumerate().map(line).collect()
    }

    fn add(self, item: Item) {
        let known = self.0.with_untracked(|lines| lines.iter().any(|line| line.id() == item.id));
        if !known {
            let quantity = RwSignal::new("1".to_owned());
            let item = StoredValue::new(item);
            self.0.update(|lines| lines.push(MaterialDraft { item, quantity }));
        }
    }
}

/// Returns a placeholder for an item beyond the first page of the list.
fn unknown(id: ItemId) -> Item {
    Item {
        id,
        code: format!("#{id}"),
        name: String::new(),
        category: String::new(),
        unit: ItemUnit::Pieces,
        pack_size: None,
        serialized: false,
        min_stock: None,
        price: None,
        on_hand: None,
        in_bag: None,
        version: 0,
    }
}

/// The lines, and a field that adds one.
#[component]
pub fn MaterialFields(form: Form, path: &'static str, materials: MaterialDrafts) -> impl IntoView {
    view! {
        <fieldset class="flex flex-col gap-2" disabled=move || form.pending.get()>
            <legend class="mb-1 text-sm font-medium">{tl!(settings.materials)}</legend>
            <p class="text-sm text-muted">{tl!(settings.materials_hint)}</p>
            <ul class="flex flex-col divide-y divide-base-300">
                <For
                    each=move || materials.0.get()
                    key=|line| line.id()
                    children=move |line| {
                        view! { <MaterialRow form=form path=path line=line materials=materials /> }
                    }
                />
            </ul>
            <ItemPicker id=format!("{path}-add") on_pick=move |item| materials.add(item) />
        </fieldset>
    }
}

#[component]
fn MaterialRow(
    form: Form,
    path: &'static str,
    line: MaterialDraft,
    materials: MaterialDrafts,
) -> impl IntoView {
    let item = line.item.get_value();
    let id = item.id;
    let own_path = move || {
        let index = materials.0.with(|lines| lines.iter().position(|one| one.id() == id));
        format!("{path}[{}].", index.unwrap_or_default())
    };
    let fault = Memo::new(move |_| {
        form.faults_under(&own_path()).into_iter().next().map(|fault| fault.message)
    });
    let code = item.code.clone();
    let message_id = format!("{path}-{id}-fault");
    let described_by = message_id.clone();
    let quantity_label = move || tr!(settings.quantity_of, item = code.clone()).to_string();
    let code = item.code.clone();
    let remove_label = move || tr!(settings.remove, item = code.clone()).to_string();
    view! {
        <li class="flex flex-wrap items-center gap-2 py-1.5" data-testid="material-row">
            <span class="min-w-0 grow basis-20">
                <span class="font-medium">{item.code}</span>
                <span class="block truncate text-sm text-muted">{item.name}</span>
            </span>
            <input
                type="text"
                inputmode="numeric"
                class="input input-sm w-16 text-right"
                class:input-error=move || fault.get().is_some()
                aria-label=quantity_label
                aria-invalid=move || fault.get().is_some().to_string()
                aria-describedby=described_by
                prop:value=move || line.quantity.get()
                on:input=move |event| {
                    line.quantity.set(event_target_value(&event));
                    form.clear_faults_under(&own_path());
                }
            />
            <span class="w-10 text-sm text-muted">{move || item.unit.label()}</span>
            <button
                type="button"
                class="btn btn-ghost btn-sm btn-square"
                aria-label=remove_label
                on:click=move |_| materials.0.update(|lines| lines.retain(|one| one.id() != id))
            >
                <Icon name=IconName::Close />
            </button>
            <p id=message_id class="w-full text-sm text-error empty:hidden">{move || fault.get()}</p>
        </li>
    }
}
