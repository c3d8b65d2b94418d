//! Used material of a completed job.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use shared::inventory::{Item, ItemQuery, Line};
use shared::job::JobMaterial;
use shared::number::parse_integer;
use shared::pagination::MAX_LIMIT;
use shared::validate::FieldFault;
use shared::{ErrorCode, ItemId, Page, Permission};

use crate::api;
use crate::components::field::{FieldFault as FieldFaultText, fault_id};
use crate::components::form::Form;
use crate::components::form_parse::is_fraction;
use crate::components::icon::{Icon, IconName};
use crate::core::labels::unit_label;
use crate::core::load::use_load;
use crate::core::session;
use crate::{tl, tr};

/// One material as it was typed, with what its row shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MaterialDraft {
    item_id: ItemId,
    name: String,
    unit: String,
    serialized: bool,
    quantity: String,
    serials: String,
}

/// The input of one material.
#[derive(Clone, Copy)]
pub struct UsedMaterial {
    item_id: ItemId,
    facts: StoredValue<(String, String)>,
    serialized: bool,
    quantity: RwSignal<String>,
    serials: RwSignal<String>,
    /// Position of the line in the request.
    sent: RwSignal<Option<usize>>,
}

impl UsedMaterial {
    fn new(item_id: ItemId, name: String, unit: String, serialized: bool, quantity: i64) -> Self {
        Self {
            item_id,
            facts: StoredValue::new((name, unit)),
            serialized,
            quantity: RwSignal::new(if quantity > 0 {
                quantity.to_string()
            } else {
                String::new()
            }),
            serials: RwSignal::new(String::new()),
            sent: RwSignal::new(None),
        }
    }

    /// Creates a line for material of the job: what was issued and not yet used.
    pub fn for_material(material: &JobMaterial) -> Self {
        Self::new(
            material.item_id,
            material.name.clone(),
            material.unit.clone(),
            material.serialized,
            material.issued - material.used,
        )
    }

    /// What has been typed. Tracks.
    pub fn draft(&self) -> MaterialDraft {
        let (name, unit) = self.facts.get_value();
        MaterialDraft {
            item_id: self.item_id,
            name,
            unit,
            serialized: self.serialized,
            quantity: self.quantity.get(),
            serials: self.serials.get(),
        }
    }

    fn for_item(item: Item) -> Self {
        let unit = item.unit.as_str().to_owned();
        Self::new(item.id, item.name, unit, item.serialized, 0)
    }
}

/// Puts what was typed before into the lines of the job's material, and adds the lines that the person had added.
pub fn restore_lines(mut lines: Vec<UsedMaterial>, drafts: &[MaterialDraft]) -> Vec<UsedMaterial> {
    for draft in drafts {
        let known = lines.iter().find(|line| line.item_id == draft.item_id).copied();
        let line = known.unwrap_or_else(|| {
            let MaterialDraft { item_id, name, unit, serialized, .. } = draft.clone();
            let added = UsedMaterial::new(item_id, name, unit, serialized, 0);
            lines.push(added);
            added
        });
        line.quantity.set(draft.quantity.clone());
        line.serials.set(draft.serials.clone());
    }
    lines
}

/// Returns the lines of the request; empty ones are left out.
pub fn material_lines(lines: &[UsedMaterial]) -> Vec<Line> {
    let mut request = Vec::new();
    for line in lines {
        let text = line.quantity.get_untracked();
        let text = text.trim();
        // An invalid number is sent as zero, which the contract refuses with a fault of the field.
        let quantity = if text.is_empty() { None } else { Some(parse_integer(text).unwrap_or(0)) };
        line.sent.set(quantity.map(|_| request.len()));
        let Some(quantity) = quantity else { continue };
        let serials: Vec<String> = line
            .serials
            .get_untracked()
            .split([',', ';', '\n', ' '])
            .map(str::trim)
            .filter(|serial| !serial.is_empty())
            .map(str::to_owned)
            .collect();
        request.push(Line {
            item_id: line.item_id,
            quantity,
            serial_numbers: (!serials.is_empty()).then_some(serials),
        });
    }
    request
}

/// Returns a fault for each line whose quantity is a fraction; the lines are numbered by [`material_lines`].
pub fn fraction_faults(lines: &[UsedMaterial]) -> Vec<FieldFault> {
    let fraction = |line: &UsedMaterial| {
        let index = line.sent.get_untracked()?;
        let fraction = line.quantity.with_untracked(|text| is_fraction(text.trim()));
        let path = format!("materials[{index}].quantity");
        fraction.then(|| FieldFault::new(path, ErrorCode::NotWhole))
    };
    lines.iter().filter_map(fraction).collect()
}

/// The lines and, for those who may read the stock, a way to add one.
#[component]
pub fn UsedMaterialFields(form: Form, lines: RwSignal<Vec<UsedMaterial>>) -> impl IntoView {
    view! {
        <fieldset class="flex min-w-0 flex-col gap-2">
            <legend class="mb-1 text-sm font-medium">{tl!(jobs.complete.materials)}</legend>
            <For
                each=move || lines.get()
                key=|line| line.item_id
                children=move |line| view! { <UsedMaterialRow form=form line=line /> }
            />
            <Show when=|| session::can(Permission::InventoryRead)>
                <AddMaterial lines=lines />
            </Show>
        </fieldset>
    }
}

#[component]
fn UsedMaterialRow(form: Form, line: UsedMaterial) -> impl IntoView {
    let (name, unit) = line.facts.get_value();
    let path = move |part: &str| line.sent.get().map(|index| format!("materials[{index}].{part}"));
    let faults = move || {
        let parts = ["quantity", "serial_numbers", "item_id"];
        let paths: Vec<String> = parts.iter().filter_map(|part| path(part)).collect();
        paths
            .into_iter()
            .map(|path| view! { <FieldFaultText form=form name=path /> })
            .collect_view()
    };
    let is_wrong = move |part: &str| path(part).is_some_and(|path| form.fault(&path).is_some());
    let described_by = move |part: &str| path(part).map(|path| fault_id(&path));
    let clear = move |part: &str| {
        if let Some(path) = untrack(|| path(part)) {
            form.clear_fault(&path);
        }
    };
    let label = name.clone();
    let serial_label = name.clone();
    view! {
        <div class="rounded-field border border-base-300 px-3 py-2" data-testid="used-line">
            <div class="flex items-center gap-3">
                <span class="min-w-0 grow wrap-anywhere">{name}</span>
                <input
                    type="text"
                    inputmode="numeric"
                    class="input input-sm w-20 shrink-0 text-right"
                    aria-label=move || {
                        tr!(jobs.complete.quantity_of, item = label.clone()).to_string()
                    }
                    aria-invalid=move || is_wrong("quantity").to_string()
                    aria-describedby=move || described_by("quantity")
                    prop:value=move || line.quantity.get()
                    on:input=move |event| {
                        line.quantity.set(event_target_value(&event));
                        clear("quantity");
                    }
                    data-testid="used-quantity"
                />
                <span class="w-12 shrink-0 text-sm text-muted">{move || unit_label(&unit)}</span>
            </div>
            {line
                .serialized
                .then(|| {
                    view! {
                        <input
                            type="text"
                            class="input input-sm mt-2 w-full font-mono"
                            placeholder=tl!(jobs.complete.serials)
                            aria-label=move || {
                                tr!(jobs.complete.serials_of, item = serial_label.clone()).to_string()
                            }
                            aria-invalid=move || is_wrong("serial_numbers").to_string()
                            aria-describedby=move || described_by("serial_numbers")
                            prop:value=move || line.serials.get()
                            on:input=move |event| {
                                line.serials.set(event_target_value(&event));
                                clear("serial_numbers");
                            }
                            data-testid="used-serials"
                        />
                    }
                })}
            {faults}
        </div>
    }
}

#[component]
fn AddMaterial(lines: RwSignal<Vec<UsedMaterial>>) -> impl IntoView {
    let items = use_load(
        || async {
            let query = ItemQuery { limit: Some(MAX_LIMIT), ..Default::default() };
            api::inventory::list(&query).await
        },
        |_| false,
    );
    let offered = move || {
        let used = lines.with(|lines| lines.iter().map(|line| line.item_id).collect::<Vec<_>>());
        let page: Option<Page<Item>> = items.value.get();
        let items = page.map(|page| page.items).unwrap_or_default();
        items.into_iter().filter(|item| !used.contains(&item.id)).collect::<Vec<_>>()
    };
    let add = move |event: leptos::ev::Event| {
        let code = event_target_value(&event);
        let chosen = offered().into_iter().find(|item| item.code == code);
        if let Some(item) = chosen {
            lines.update(|lines| lines.push(UsedMaterial::for_item(item)));
        }
    };
    view! {
        <label class="flex items-center gap-2">
            <Icon name=IconName::Plus class="size-4 shrink-0 text-muted" />
            <select
                class="select select-sm w-full"
                aria-label=tl!(jobs.complete.add_item)
                on:change=add
                data-testid="add-material"
            >
                {move || {
                    let options = offered()
                        .into_iter()
                        .map(|item| {
                            let label = format!("{} · {}", item.code, item.name);
                            view! { <option value=item.code>{label}</option> }
                        })
                        .collect_view();
                    view! {
                        <option value="" selected=true>
                            {tr!(jobs.complete.add_item)}
                        </option>
                        {options}
                    }
                }}
            </select>
        </label>
    }
}
