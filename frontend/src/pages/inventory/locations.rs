//! Locations of goods.

use leptos::prelude::*;
use shared::Permission;
use shared::inventory::{Location, LocationInput, LocationKind};
use shared::live::LiveEvent;

use crate::components::back_link::BackLink;
use crate::components::badge::{Badge, Tone};
use crate::components::dialog::{Dialog, DialogButtons};
use crate::components::field::TextField;
use crate::components::form::{Form, FormError, SubmitButton};
use crate::components::icon::{Icon, IconName};
use crate::components::page::{Card, PageHeader};
use crate::components::page_states::{EmptyState, Forbidden, Loaded};
use crate::core::labels::Label;
use crate::core::load::use_load;
use crate::core::{session, toast};
use crate::{api, tl, tr};

/// Warehouses and bags, with a way to add a warehouse.
#[component]
pub fn LocationsPage() -> impl IntoView {
    if !session::can(Permission::InventoryRead) {
        return view! { <Forbidden /> }.into_any();
    }
    let load = use_load(api::inventory::locations, |event| {
        matches!(event, LiveEvent::TechnicianCreated(_) | LiveEvent::TechnicianUpdated(_))
    });
    let open = RwSignal::new(false);
    view! {
        <BackLink href="/inventory" label=tl!(inventory.title) />
        <PageHeader title=tl!(inventory.locations.title)>
            <Show when=|| session::can(Permission::InventoryWrite)>
                <button
                    type="button"
                    class="btn btn-primary btn-sm"
                    on:click=move |_| open.set(true)
                    data-testid="new-location"
                >
                    <Icon name=IconName::Plus />
                    {tl!(inventory.locations.new)}
                </button>
            </Show>
        </PageHeader>
        <Card class="max-w-3xl">
            <Loaded data=load view=|page| location_table(page.items).into_any() />
        </Card>
        <Dialog open=open title=tl!(inventory.locations.new) testid="location-dialog">
            <NewLocationForm open=open on_done=move |()| load.reload() />
        </Dialog>
    }
    .into_any()
}

/// Returns whether a location physically holds goods; the others are counterparts in the ledger.
fn holds_goods(place: &Location) -> bool {
    matches!(place.kind, LocationKind::Warehouse | LocationKind::Technician)
}

fn location_table(places: Vec<Location>) -> impl IntoView {
    let mut places: Vec<Location> = places.into_iter().filter(holds_goods).collect();
    if places.is_empty() {
        return view! {
            <EmptyState
                title=tl!(inventory.locations.none)
                hint=tl!(inventory.locations.none_hint)
            />
        }
        .into_any();
    }
    places.sort_by_key(|place| (place.kind != LocationKind::Warehouse, place.name.clone()));
    let row = |place: Location| {
        let kind = place.kind;
        let icon = match kind {
            LocationKind::Technician => IconName::Person,
            _ => IconName::Inventory,
        };
        let name = match place.technician_id {
            Some(id) => view! {
                <a href=format!("/technicians/{id}") class="link link-hover">
                    {place.name}
                </a>
            }
            .into_any(),
            None => place.name.into_any(),
        };
        view! {
            <tr role="row" data-testid="location-row">
                <td role="cell" class="cell-main">
                    {name}
                </td>
                <td role="cell" class="cell-side" data-label=tl!(inventory.locations.kind)>
                    <Badge tone=Tone::Neutral icon=icon text=move || kind.label() />
                </td>
                <td role="cell" data-label=tl!(inventory.code)>
                    <span>{place.code}</span>
                </td>
                <td role="cell">
                    <a
                        href=format!("/inventory/movements?location_id={}", place.id)
                        class="link link-primary"
                    >
                        {tl!(inventory.movements.title)}
                    </a>
                </td>
            </tr>
        }
    };
    view! {
        <table class="list-table" role="table">
            <caption class="sr-only">{tl!(inventory.locations.title)}</caption>
            <thead role="rowgroup">
                <tr role="row">
                    <th role="columnheader" scope="col">{tl!(inventory.name)}</th>
                    <th role="columnheader" scope="col">{tl!(inventory.locations.kind)}</th>
                    <th role="columnheader" scope="col">{tl!(inventory.code)}</th>
                    <th role="columnheader" scope="col">{tl!(common.actions)}</th>
                </tr>
            </thead>
            <tbody role="rowgroup">{places.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

#[component]
fn NewLocationForm(open: RwSignal<bool>, #[prop(into)] on_done: Callback<()>) -> impl IntoView {
    let form = Form::new();
    let (code, name) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let input = LocationInput { code: code.get_untracked(), name: name.get_untracked() };
        let Some(input) = form.check(input.parse()) else { return };
        form.send(async move { api::inventory::create_location(&input).await }, move |place| {
            open.set(false);
            toast::success(tr!(inventory.locations.created, name = place.name).to_string());
            on_done.run(());
        });
    };
    view! {
        <form class="flex flex-col gap-4" on:submit=submit novalidate data-testid="location-form">
            <FormError form=form />
            <TextField
                form=form
                name="name"
                label=tl!(inventory.name)
                hint=tl!(inventory.locations.name_hint)
                value=name
                required=true
                autofocus=true
            />
            <TextField
                form=form
                name="code"
                label=tl!(inventory.code)
                hint=tl!(inventory.locations.code_hint)
                value=code
                required=true
            />
            <DialogButtons open=open>
                <SubmitButton form=form label=tl!(common.save) />
            </DialogButtons>
        </form>
    }
}
