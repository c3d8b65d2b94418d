//! Lines of a movement form.

use leptos::prelude::*;
use shared::error::ErrorCode;
use shared::inventory::{Line, Stock};
use shared::{ItemId, LocationId};

use super::line_draft::{LineDraft, PickedItem};
use super::single_line::SingleLine;
use crate::components::form::Form;
use crate::components::form_parse::FormParser;
use crate::components::icon::{Icon, IconName};
use crate::tl;

/// The input of all lines.
#[derive(Clone, Copy)]
pub struct LineDrafts {
    pub all: RwSignal<Vec<LineDraft>>,
    next: StoredValue<u32>,
}

impl LineDrafts {
    /// Creates one empty line.
    pub fn new() -> Self {
        let lines = Self { all: RwSignal::new(Vec::new()), next: StoredValue::new(0) };
        lines.add();
        lines
    }

    /// Adds an empty line.
    pub fn add(self) -> LineDraft {
        let key = self.next.get_value();
        self.next.set_value(key + 1);
        let line = LineDraft::new(key);
        self.all.update(|lines| lines.push(line));
        line
    }

    /// Adds a line for the whole stock of an item in a bag.
    pub fn add_stock(self, item: &Stock) {
        self.remove_blank();
        let line = self.add();
        line.quantity.set(item.quantity.to_string());
        line.serials.set(item.serial_numbers.join("\n"));
        line.pick(PickedItem {
            id: item.item_id,
            code: item.code.clone(),
            name: item.name.clone(),
            unit: item.unit,
            pack_size: None,
            serialized: item.serialized,
        });
    }

    /// Returns whether an item has a line already. Tracks.
    pub fn has(self, item: ItemId) -> bool {
        self.all.get().iter().any(|line| {
            line.item.with(|picked| picked.as_ref().is_some_and(|picked| picked.id == item))
        })
    }

    /// Returns the items whose quantity counts packs.
    pub fn in_packs(self) -> Vec<ItemId> {
        let lines = self.all.get_untracked();
        let counted = lines.into_iter().filter(|line| line.in_packs.get_untracked());
        counted.filter_map(|line| line.item.get_untracked().map(|item| item.id)).collect()
    }

    fn remove(self, key: u32) {
        self.all.update(|lines| lines.retain(|line| line.key != key));
        if self.all.with_untracked(Vec::is_empty) {
            self.add();
        }
    }

    fn remove_blank(self) {
        self.all.update(|lines| lines.retain(|line| !line.is_blank()));
    }

    /// Returns the lines of the request; blank ones are dropped.
    pub fn request(self, parser: &mut FormParser) -> Vec<Line> {
        self.remove_blank();
        if self.all.with_untracked(Vec::is_empty) {
            self.add();
        }
        let lines = self.all.get_untracked();
        let line = |(index, line): (usize, LineDraft)| {
            let item = line.item.get_untracked();
            if item.is_none() {
                parser.add_fault(&format!("lines[{index}].item_id"), ErrorCode::Required);
            }
            let serialized = item.as_ref().is_some_and(|item| item.serialized);
            let serials = if serialized { line.serial_numbers() } else { Vec::new() };
            let quantity =
                parser.required_integer(&format!("lines[{index}].quantity"), line.quantity);
            if serialized && serials.is_empty() {
                parser.add_fault(&format!("lines[{index}].serial_numbers"), ErrorCode::Required);
            }
            Line {
                // Distinct ids, so that two lines without an item do not count as duplicates.
                item_id: item.map_or(ItemId(-1 - index as i64), |item| item.id),
                quantity,
                serial_numbers: Some(serials).filter(|serials| !serials.is_empty()),
            }
        };
        lines.into_iter().enumerate().map(line).collect()
    }
}

/// The lines, and a button that adds one.
#[component]
pub fn LineFields(
    form: Form,
    lines: LineDrafts,
    /// The location that the goods are taken from, to show how much is available.
    #[prop(into)]
    source: Signal<Option<LocationId>>,
    /// Whether quantities have a sign.
    #[prop(into)]
    signed: Signal<bool>,
    /// Whether quantities may count packs.
    #[prop(into)]
    packs: Signal<bool>,
) -> impl IntoView {
    view! {
        <fieldset class="flex flex-col gap-3" disabled=move || form.pending.get()>
            <legend class="mb-1 text-sm font-medium">{tl!(inventory.lines)}</legend>
            <For
                each=move || lines.all.get()
                key=|line| line.key
                children=move |line| {
                    let index = Memo::new(move |_| {
                        lines
                            .all
                            .with(|all| all.iter().position(|one| one.key == line.key))
                            .unwrap_or_default()
                    });
                    view! {
                        <SingleLine
                            form=form
                            line=line
                            index=index
                            source=source
                            signed=signed
                            packs=packs
                            on_remove=move |()| lines.remove(line.key)
                        />
                    }
                }
            />
            <button
                type="button"
                class="btn btn-sm self-start"
                on:click=move |_| {
                    lines.add();
                }
                data-testid="add-line"
            >
                <Icon name=IconName::Plus />
                {tl!(inventory.add_line)}
            </button>
        </fieldset>
    }
    .into_any()
}
