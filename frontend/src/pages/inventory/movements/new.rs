//! Page that books a movement.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use shared::inventory::{LocationKind, Stock};
use shared::{LocationId, Permission};

use super::lines::{LineDrafts, LineFields};
use super::location_select::{MovementHeader, MovementHeaderFields, use_places};
use super::movement_request::MovementRequest;
use super::types::BookingKind;
use crate::components::back_link::BackLink;
use crate::components::form::Form;
use crate::components::form_parse::FormParser;
use crate::components::icon::{Icon, IconName};
use crate::components::page::{Card, PageHeader};
use crate::components::page_states::Forbidden;
use crate::components::resource_form::ResourceForm;
use crate::core::error_text::ErrorText;
use crate::core::labels::quantity_label;
use crate::core::{session, toast};
use crate::{api, tl, tr};

/// The page with the form. `?kind=issue&technician=3&item=7` preselects.
#[component]
pub fn NewMovementPage() -> impl IntoView {
    if !session::can(Permission::InventoryWrite) {
        return view! { <Forbidden /> }.into_any();
    }
    let query = use_query_map().get_untracked();
    let given: Option<BookingKind> = query.get("kind").and_then(|kind| kind.parse().ok());
    let form = Form::new();
    let kind = RwSignal::new(given.unwrap_or(BookingKind::Receipt));
    let head = MovementHeader::new(query.get("technician").unwrap_or_default());
    let lines = LineDrafts::new();
    let places = use_places(head);
    choose_item(query.get("item"), lines);

    let source = Signal::derive(move || match kind.get() {
        BookingKind::Receipt => None,
        BookingKind::Return => {
            let technician = head.technician.get();
            places.with(|places| {
                let mut bags = places.iter().filter(|one| one.kind == LocationKind::Technician);
                let own = |id: shared::TechnicianId| id.to_string() == technician;
                bags.find(|bag| bag.technician_id.is_some_and(own)).map(|bag| bag.id)
            })
        }
        BookingKind::Issue | BookingKind::Transfer | BookingKind::Adjustment => {
            head.location.get().parse::<LocationId>().ok()
        }
    });
    let navigate = use_navigate();
    let submit = move |()| {
        let mut parser = FormParser::default();
        let request = lines.request(&mut parser);
        let booking = MovementRequest::new(
            kind.get_untracked(),
            head,
            request,
            lines.in_packs(),
            &mut parser,
        );
        if form.check(parser.merge(booking.check())).is_none() {
            return;
        }
        let navigate = navigate.clone();
        form.send(booking.send(), move |answer| {
            let count = answer.movements.len();
            toast::success(tr!(inventory.movements.booked, count = count).to_string());
            navigate("/inventory/movements", NavigateOptions::default());
        });
    };
    view! {
        <BackLink href="/inventory" label=tl!(inventory.title) />
        <PageHeader title=tl!(inventory.movements.new) />
        <Card class="max-w-3xl">
            <ResourceForm form=form on_submit=submit cancel="/inventory" submit=tl!(inventory.movements.book) testid="movement-form">
                <KindChoice form=form kind=kind />
                {move || {
                    view! { <MovementHeaderFields form=form kind=kind.get() head=head places=places /> }
                }}
                <Show when=move || kind.get() == BookingKind::Return && !head.technician.get().is_empty()>
                    <TechnicianStock technician=head.technician lines=lines />
                </Show>
                <LineFields
                    form=form
                    lines=lines
                    source=source
                    signed=Signal::derive(move || kind.get() == BookingKind::Adjustment)
                    packs=Signal::derive(move || kind.get() == BookingKind::Receipt)
                />
            </ResourceForm>
        </Card>
    }
    .into_any()
}

/// The kinds side by side; on a phone in two columns.
#[component]
fn KindChoice(form: Form, kind: RwSignal<BookingKind>) -> impl IntoView {
    let choice = move |own: BookingKind| {
        view! {
            <input
                type="radio"
                name="kind"
                class="btn font-normal"
                value=own.as_str()
                aria-label=move || own.label()
                prop:checked=move || kind.get() == own
                on:change=move |_| {
                    // The faults belong to the fields of the other kind.
                    form.clear_faults_under("");
                    form.error.set(None);
                    kind.set(own);
                }
                data-testid=format!("choice-kind-{}", own.as_str())
            />
        }
    };
    view! {
        <fieldset disabled=move || form.pending.get()>
            <legend class="mb-1 text-sm font-medium">{tl!(inventory.movements.kind)}</legend>
            <div class="grid grid-cols-2 gap-2 sm:flex sm:flex-wrap">
                {BookingKind::ALL.map(choice).collect_view()}
            </div>
        </fieldset>
    }
    .into_any()
}

/// Preselects the item of the address in the first line.
fn choose_item(id: Option<String>, lines: LineDrafts) {
    let Some(id) = id.and_then(|id| id.parse().ok()) else { return };
    let first = lines.all.with_untracked(|all| all.first().copied());
    leptos::task::spawn_local(async move {
        match api::inventory::get(id).await {
            Ok(detail) => {
                if let Some(line) = first {
                    line.pick(detail.item.into());
                }
            }
            Err(error) => toast::error(error.message()),
        }
    });
}

/// The stock in the bag of the technician; each item can be added with one tap.
#[component]
fn TechnicianStock(technician: RwSignal<String>, lines: LineDrafts) -> impl IntoView {
    let bag = LocalResource::new(move || {
        let chosen = technician.get().parse().ok();
        async move {
            match chosen {
                Some(id) => api::inventory::technician_stock(id).await.unwrap_or_default(),
                None => Vec::new(),
            }
        }
    });
    let chip = move |item: Stock| {
        let id = item.item_id;
        let text = item.code.clone();
        let (quantity, unit) = (item.quantity, item.unit);
        view! {
            <button
                type="button"
                class="btn btn-sm font-normal"
                disabled=move || lines.has(id)
                on:click=move |_| lines.add_stock(&item)
                data-testid="from-bag"
            >
                <Icon name=IconName::Plus />
                {text}
                <span class="text-muted">{move || quantity_label(quantity, unit)}</span>
            </button>
        }
    };
    view! {
        <div class="flex flex-col gap-1">
            <p class="text-sm font-medium">{tl!(inventory.in_bag)}</p>
            <div class="flex flex-wrap gap-2">
                {move || match bag.get() {
                    None => view! { <span class="skeleton h-8 w-40"></span> }.into_any(),
                    Some(items) if items.is_empty() => {
                        view! { <span class="text-sm text-muted">{tl!(inventory.bag_empty)}</span> }
                            .into_any()
                    }
                    Some(items) => items.into_iter().map(chip).collect_view().into_any(),
                }}
            </div>
        </div>
    }
    .into_any()
}
