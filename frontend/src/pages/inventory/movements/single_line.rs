//! Fields of one line of a movement form.

use leptos::prelude::*;
use shared::LocationId;

use super::line_draft::{LineDraft, PickedItem};
use crate::components::form::Form;
use crate::components::icon::{Icon, IconName};
use crate::components::item_picker::ItemPicker;
use crate::core::labels::Label;
use crate::core::labels::quantity_label;
use crate::{tl, tr};

/// Item, quantity and serial numbers with their faults.
#[component]
pub fn SingleLine(
    form: Form,
    line: LineDraft,
    /// Position of the line in the request.
    index: Memo<usize>,
    source: Signal<Option<LocationId>>,
    signed: Signal<bool>,
    packs: Signal<bool>,
    #[prop(into)] on_remove: Callback<()>,
) -> impl IntoView {
    let path = move |part: &str| format!("lines[{}].{part}", index.get());
    let wrong = move |part: &str| !form.faults_under(&path(part)).is_empty();
    let mend = move |part: &str| {
        form.clear_faults_under(&format!("lines[{}].{part}", index.get_untracked()))
    };
    let pick = move |item: shared::inventory::Item| {
        mend("item_id");
        line.pick(item.into());
    };
    let item_id = format!("line-{}-item", line.key);
    let faults_id = format!("line-{}-faults", line.key);
    let described_by = faults_id.clone();
    let serials_described_by = StoredValue::new(faults_id.clone());
    view! {
        <div class="rounded-field border border-base-300 p-3" data-testid="line">
            <div class="flex items-start gap-2">
                <div class="min-w-0 grow">
                    {move || match line.item.get() {
                        Some(item) => view! { <ChosenItem item=item line=line /> }.into_any(),
                        None => {
                            let id = item_id.clone();
                            view! {
                                <ItemPicker
                                    id=id
                                    on_pick=pick
                                    invalid=Signal::derive(move || wrong("item_id"))
                                />
                            }
                                .into_any()
                        }
                    }}
                </div>
                <button
                    type="button"
                    class="btn btn-ghost btn-sm btn-square"
                    aria-label=move || tr!(inventory.remove_line, number = index.get() + 1).to_string()
                    on:click=move |_| on_remove.run(())
                    data-testid="remove-line"
                >
                    <Icon name=IconName::Close />
                </button>
            </div>
            <div class="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1">
                <label class="flex items-center gap-2">
                    <span class="text-sm">{tl!(inventory.quantity)}</span>
                    <input
                        type="text"
                        inputmode=move || if signed.get() { "text" } else { "numeric" }
                        class="input input-sm w-24 text-right"
                        class:input-error=move || wrong("quantity")
                        aria-invalid=move || wrong("quantity").to_string()
                        aria-describedby=described_by
                        autocomplete="off"
                        prop:value=move || line.quantity.get()
                        on:input=move |event| {
                            line.quantity.set(event_target_value(&event));
                            mend("quantity");
                        }
                        data-testid="line-quantity"
                    />
                    <span class="text-sm text-muted">
                        {move || line.item.get().map(|item| item.unit.label())}
                    </span>
                </label>
                <PackChoice line=line packs=packs />
                <span class="text-sm text-muted" data-testid="line-available">
                    {move || available(line, source.get())}
                </span>
            </div>
            <Show when=move || signed.get()>
                <p class="mt-1 text-sm text-muted">{tl!(inventory.signed_hint)}</p>
            </Show>
            <Show when=move || {
                line.item.with(|item| item.as_ref().is_some_and(|item| item.serialized))
            }>
                <Serials described_by=serials_described_by.get_value() line=line signed=signed invalid=Signal::derive(move || wrong("serial_numbers")) on_change=move |()| {
                    mend("serial_numbers");
                    mend("quantity");
                } />
            </Show>
            <LineFaultList form=form index=index id=faults_id />
        </div>
    }
    .into_any()
}

/// Lets the quantity count packs, for items that have a pack size and no serial numbers.
#[component]
fn PackChoice(line: LineDraft, packs: Signal<bool>) -> impl IntoView {
    let size = move || {
        let item = line.item.get().filter(|item| packs.get() && !item.serialized)?;
        Some((item.pack_size?, item.unit))
    };
    move || {
        size().map(|(size, unit)| {
            view! {
                <label class="flex items-center gap-2">
                    <input
                        type="checkbox"
                        class="checkbox checkbox-sm checkbox-primary"
                        prop:checked=move || line.in_packs.get()
                        on:change=move |event| line.in_packs.set(event_target_checked(&event))
                        data-testid="line-packs"
                    />
                    <span class="text-sm">
                        {move || tr!(inventory.packs_of, size = quantity_label(size, unit)).to_string()}
                    </span>
                </label>
            }
        })
    }
}

fn available(line: LineDraft, source: Option<LocationId>) -> Option<String> {
    let item = line.item.get()?;
    let there = line.available(source)?;
    Some(tr!(inventory.available, amount = quantity_label(there, item.unit)).to_string())
}

#[component]
fn ChosenItem(item: PickedItem, line: LineDraft) -> impl IntoView {
    view! {
        <div class="flex min-h-8 items-center gap-2">
            <div class="min-w-0 grow" data-testid="line-item">
                <span class="font-medium">{item.code}</span>
                " "
                <span class="text-muted">{item.name}</span>
            </div>
            <button
                type="button"
                class="btn btn-ghost btn-xs"
                on:click=move |_| line.item.set(None)
            >
                {tl!(inventory.other_item)}
            </button>
        </div>
    }
    .into_any()
}

/// Serial numbers. They determine the quantity.
#[component]
fn Serials(
    line: LineDraft,
    signed: Signal<bool>,
    invalid: Signal<bool>,
    /// Id of the list of faults.
    described_by: String,
    #[prop(into)] on_change: Callback<()>,
) -> impl IntoView {
    let typed = move |event: leptos::ev::Event| {
        line.serials.set(event_target_value(&event));
        let count = line.serial_numbers().len();
        let minus = signed.get_untracked()
            && line.quantity.with_untracked(|text| text.trim().starts_with(['-', '−']));
        line.quantity.set(if minus { format!("-{count}") } else { count.to_string() });
        on_change.run(());
    };
    let id = format!("line-{}-serials", line.key);
    view! {
        <div class="mt-2 flex flex-col gap-1">
            <label for=id.clone() class="text-sm">
                {tl!(inventory.serials)}
            </label>
            <textarea
                id=id
                rows="3"
                class="textarea w-full font-mono"
                class:textarea-error=move || invalid.get()
                aria-invalid=move || invalid.get().to_string()
                aria-describedby=described_by
                spellcheck="false"
                autocapitalize="characters"
                prop:value=move || line.serials.get()
                on:input=typed
                data-testid="line-serials"
            ></textarea>
            <p class="text-sm text-muted">{tl!(inventory.serials_hint)}</p>
        </div>
    }
    .into_any()
}

/// The faults of the line; a serial number is named by its position.
#[component]
fn LineFaultList(form: Form, index: Memo<usize>, id: String) -> impl IntoView {
    let faults = move || {
        let faults = form.faults_under(&format!("lines[{}].", index.get()));
        let messages = faults.into_iter().map(|fault| {
            let position = fault.field.rsplit_once("serial_numbers[");
            let number =
                position.and_then(|(_, rest)| rest.trim_end_matches(']').parse::<usize>().ok());
            match number {
                Some(number) => {
                    tr!(inventory.serial_fault, number = number + 1, fault = fault.message)
                        .to_string()
                }
                None => with_field_name(&fault),
            }
        });
        messages
            .map(|text| {
                view! {
                    <li class="flex items-start gap-1">
                        <Icon name=IconName::Alert class="mt-0.5 size-3.5 shrink-0" />
                        {text}
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <ul id=id class="mt-1 text-sm text-error" aria-live="polite" data-testid="line-faults">
            {faults}
        </ul>
    }
    .into_any()
}

/// Returns the message with the name of its field, because several faults share one list.
fn with_field_name(fault: &shared::FieldError) -> String {
    let name = match fault.field.rsplit_once('.') {
        Some((_, "quantity")) => tr!(inventory.quantity),
        Some((_, "serial_numbers")) => tr!(inventory.serials),
        _ => tr!(inventory.item),
    };
    format!("{name}: {}", fault.message)
}
