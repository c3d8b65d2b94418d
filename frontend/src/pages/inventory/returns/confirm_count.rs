//! Form that confirms a return with counted quantities.

use leptos::prelude::*;
use shared::inventory::{
    BagReturn, BagReturnConfirmation, BagReturnLine, Line, Location, LocationKind,
};
use shared::validate::FieldFault;
use shared::{ErrorCode, ItemId};

use super::decision::reload_if_decided;
use super::reject::RejectReturnDialog;
use crate::api;
use crate::components::field::{FieldFault as FieldFaultText, SelectField};
use crate::components::form::{Form, FormError, SubmitButton};
use crate::components::form_parse::FormParser;
use crate::components::icon::{Icon, IconName};
use crate::core::labels::quantity_label;
use crate::core::toast;
use crate::{tl, tr};

/// The input of one counted line.
#[derive(Clone, Copy)]
struct CountedLineDraft {
    line: StoredValue<BagReturnLine>,
    /// The counted quantity of items without serial numbers.
    quantity: RwSignal<String>,
    /// The units that are there.
    serials: RwSignal<Vec<String>>,
}

impl CountedLineDraft {
    /// Starts with everything that was announced.
    fn new(line: BagReturnLine) -> Self {
        Self {
            quantity: RwSignal::new(line.quantity.to_string()),
            serials: RwSignal::new(line.serial_numbers.clone()),
            line: StoredValue::new(line),
        }
    }

    fn item(self) -> ItemId {
        self.line.with_value(|line| line.item_id)
    }

    fn is_empty(self) -> bool {
        if self.line.with_value(|line| line.serialized) {
            return self.serials.with_untracked(Vec::is_empty);
        }
        self.quantity.with_untracked(|text| matches!(text.trim(), "" | "0"))
    }

    /// Returns the line of the request; `path` is its position there.
    fn read(self, path: &str, parser: &mut FormParser) -> Line {
        let (item_id, named, serialized) =
            self.line.with_value(|line| (line.item_id, line.quantity, line.serialized));
        if serialized {
            let serials = self.serials.get_untracked();
            let quantity = serials.len() as i64;
            return Line { item_id, quantity, serial_numbers: Some(serials) };
        }
        let field = format!("{path}.quantity");
        let quantity = parser.required_integer(&field, self.quantity);
        if quantity > named {
            let param = Some(named.to_string());
            parser.add_faults(Some(FieldFault { field, code: ErrorCode::TooMany, param }));
        }
        Line { item_id, quantity, serial_numbers: None }
    }
}

/// Confirms or rejects a return.
#[component]
pub fn ConfirmCountForm(one: BagReturn, on_done: Callback<()>) -> impl IntoView {
    let form = Form::new();
    let (id, version) = (one.id, one.version);
    let lines: Vec<CountedLineDraft> = one.lines.into_iter().map(CountedLineDraft::new).collect();
    let lines = StoredValue::new(lines);
    // The items in the order of the request: faults name positions in it.
    let sent = RwSignal::new(Vec::<ItemId>::new());
    let warehouse = RwSignal::new(String::new());
    let rejecting = RwSignal::new(false);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let counted: Vec<CountedLineDraft> =
            lines.with_value(|all| all.iter().copied().filter(|one| !one.is_empty()).collect());
        sent.set(counted.iter().map(|one| one.item()).collect());
        let mut parser = FormParser::default();
        let read = |(index, one): (usize, &CountedLineDraft)| {
            one.read(&format!("lines[{index}]"), &mut parser)
        };
        let lines = Some(counted.iter().enumerate().map(read).collect());
        let location_id = warehouse.get_untracked().parse().ok();
        let request = BagReturnConfirmation { location_id, lines };
        let Some(request) = form.check(parser.merge(request.parse())) else { return };
        form.send(
            async move {
                reload_if_decided(api::bag_returns::confirm(id, &request, version).await, on_done)
            },
            move |()| toast::success(tr!(inventory.returns.taken_in)),
        );
    };
    view! {
        <form class="flex flex-col gap-4 p-4" on:submit=submit novalidate data-testid="count-form">
            <p class="text-muted">{tl!(inventory.returns.count_hint)}</p>
            <FormError form=form />
            <WarehouseSelect form=form chosen=warehouse />
            <ul class="flex flex-col gap-3">
                {lines
                    .get_value()
                    .into_iter()
                    .map(|line| view! { <CountedLine form=form line=line sent=sent /> })
                    .collect_view()}
            </ul>
            <FieldFaultText form=form name="lines" />
            <div class="flex flex-wrap justify-end gap-2">
                <button
                    type="button"
                    class="btn"
                    on:click=move |_| rejecting.set(true)
                    data-testid="reject"
                >
                    {tl!(common.reject)}
                </button>
                <SubmitButton form=form label=tl!(inventory.returns.take_in) testid="take-in" />
            </div>
        </form>
        <RejectReturnDialog id=id version=version open=rejecting on_done=on_done />
    }
}

/// Select of the warehouse; hidden while there is only one.
#[component]
fn WarehouseSelect(form: Form, chosen: RwSignal<String>) -> impl IntoView {
    let loaded = LocalResource::new(|| async {
        let page = api::inventory::locations_of_kind(LocationKind::Warehouse).await;
        page.map(|page| page.items).unwrap_or_default()
    });
    let places = Signal::derive(move || loaded.get().unwrap_or_default());
    let options = Signal::derive(move || {
        let option = |place: Location| (place.id.to_string(), place.name);
        places.get().into_iter().map(option).collect::<Vec<_>>()
    });
    Effect::new(move || {
        if let Some((first, _)) = options.with(|options| options.first().cloned()) {
            chosen.set(first);
        }
    });
    view! {
        <Show when=move || places.with(|places| places.len() > 1)>
            <SelectField
                form=form
                name="location_id"
                label=tl!(inventory.to_warehouse)
                value=chosen
                options=options
            />
        </Show>
    }
}

#[component]
fn CountedLine(form: Form, line: CountedLineDraft, sent: RwSignal<Vec<ItemId>>) -> impl IntoView {
    let BagReturnLine { item_code, item_name, unit, serialized, quantity, .. } =
        line.line.get_value();
    let testid = format!("count-{item_code}");
    let item = line.item();
    let path = move || {
        let at = sent.with(|sent| sent.iter().position(|one| *one == item));
        at.map(|at| format!("lines[{at}]."))
    };
    let faults = move || path().map(|path| form.faults_under(&path)).unwrap_or_default();
    let faults_id = format!("count-{item_code}-faults");
    let described_by = faults_id.clone();
    let control = match serialized {
        true => view! { <UnitChecks line=line form=form /> }.into_any(),
        false => view! { <Quantity line=line form=form code=item_code.clone() faults=Signal::derive(move || !faults().is_empty()) described_by=described_by /> }.into_any(),
    };
    view! {
        <li class="rounded-field border border-base-300 p-3" data-testid=testid>
            <div class="flex flex-wrap items-baseline justify-between gap-x-4">
                <div>
                    <span class="font-medium">{item_code}</span>
                    " "
                    <span class="text-muted">{item_name}</span>
                </div>
                <span class="text-sm text-muted">
                    {move || {
                        tr!(inventory.returns.named, amount = quantity_label(quantity, unit)).to_string()
                    }}
                </span>
            </div>
            <div class="mt-2">{control}</div>
            <div id=faults_id aria-live="polite">
                {move || {
                    faults()
                        .into_iter()
                        .map(|fault| {
                            view! {
                                <p class="mt-1 flex items-start gap-1 text-sm text-error">
                                    <Icon name=IconName::Alert class="mt-0.5 size-3.5 shrink-0" />
                                    <span>{fault.message}</span>
                                </p>
                            }
                        })
                        .collect_view()
                }}
            </div>
        </li>
    }
}

#[component]
fn Quantity(
    line: CountedLineDraft,
    form: Form,
    code: String,
    faults: Signal<bool>,
    /// Id of the list of faults.
    described_by: String,
) -> impl IntoView {
    view! {
        <label class="flex items-center gap-2">
            <span class="text-sm">{tl!(inventory.returns.counted)}</span>
            <input
                type="text"
                inputmode="numeric"
                class="input input-sm w-24 text-right"
                class:input-error=move || faults.get()
                aria-invalid=move || faults.get().to_string()
                aria-describedby=described_by
                autocomplete="off"
                disabled=move || form.pending.get()
                prop:value=move || line.quantity.get()
                on:input=move |event| {
                    line.quantity.set(event_target_value(&event));
                    form.clear_faults_under("lines");
                }
                data-testid=format!("counted-{code}")
            />
        </label>
    }
}

#[component]
fn UnitChecks(line: CountedLineDraft, form: Form) -> impl IntoView {
    let unit = move |serial: String| {
        let (own, mark) = (serial.clone(), serial.clone());
        let there = move || line.serials.with(|all| all.contains(&own));
        let toggle = move |_| {
            line.serials.update(|all| match all.iter().position(|one| *one == mark) {
                Some(at) => {
                    all.remove(at);
                }
                None => all.push(mark.clone()),
            });
            form.clear_faults_under("lines");
        };
        view! {
            <label class="flex min-h-8 items-center gap-2">
                <input
                    type="checkbox"
                    class="checkbox checkbox-sm"
                    prop:checked=there
                    on:change=toggle
                    disabled=move || form.pending.get()
                    data-testid=format!("unit-{serial}")
                />
                <span class="font-mono text-sm">{serial}</span>
            </label>
        }
    };
    let serials = line.line.with_value(|line| line.serial_numbers.clone());
    view! {
        <fieldset class="flex flex-wrap gap-x-6">
            <legend class="text-sm">{tl!(inventory.returns.units_there)}</legend>
            {serials.into_iter().map(unit).collect_view()}
        </fieldset>
    }
}
