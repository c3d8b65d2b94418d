//! Ledger of the movements.

use leptos::prelude::*;
use shared::inventory::{ItemQuery, Movement, MovementKind, MovementQuery};
use shared::live::LiveEvent;
use shared::pagination::MAX_LIMIT;
use shared::{CommaList, Permission};

use super::reverse::{ReversalState, ReverseDialog};
use super::table::{KindBadge, quantity_cell, reason_cell, route_cell, time_cell};
use crate::api;
use crate::components::back_link::BackLink;
use crate::components::icon::{Icon, IconName};
use crate::components::list_view::{Column, FilterSelect, ListSpec, ListView};
use crate::components::page::PageHeader;
use crate::core::labels::Label;
use crate::core::list::{List, use_list};
use crate::core::session;
use crate::{enum_options, tl, tr};

type Ledger = List<MovementQuery, Movement>;

/// Every movement, newest first, with filters and a way to reverse one.
#[component]
pub fn MovementsPage() -> impl IntoView {
    let list: Ledger = use_list(
        |query: MovementQuery| async move { api::inventory::movements(&query).await },
        |event| matches!(event, LiveEvent::InventoryMoved(_)),
    );
    let reversal = ReversalState::new();
    provide_context(reversal);
    view! {
        <BackLink href="/inventory" label=tl!(inventory.title) />
        <PageHeader title=tl!(inventory.movements.title)>
            <NewButton />
        </PageHeader>
        <ListView
            list=list
            spec=spec()
            filters=filters(list).into_any()
            empty_action=|| view! { <NewButton /> }
        />
        <ReverseDialog reversal=reversal />
    }
    .into_any()
}

#[component]
fn NewButton() -> impl IntoView {
    view! {
        <Show when=|| session::can(Permission::InventoryWrite)>
            <a
                href="/inventory/movements/new"
                class="btn btn-primary btn-sm"
                data-testid="new-movement"
            >
                <Icon name=IconName::Plus />
                {tl!(inventory.movements.new)}
            </a>
        </Show>
    }
}

fn spec() -> ListSpec<Movement> {
    let columns = vec![
        Column::new(|| tr!(inventory.movements.at), time_cell)
            .main()
            .text(|one| one.created_at.to_rfc3339()),
        Column::new(
            || tr!(inventory.movements.kind),
            |one: &Movement| view! { <KindBadge kind=one.kind /> }.into_any(),
        )
        .side()
        .text(|one| one.kind.label().to_owned()),
        Column::new(|| tr!(inventory.item), item_cell)
            .block()
            .text(|one| format!("{} {}", one.item_code, one.item_name)),
        Column::new(|| tr!(inventory.quantity), quantity_cell).text(|one| one.quantity.to_string()),
        Column::new(|| tr!(inventory.movements.way), route_cell)
            .text(|one| format!("{} > {}", one.from_location_name, one.to_location_name)),
        Column::new(|| tr!(inventory.movements.why), reason_cell).text(|one| {
            let parts = [one.job_number.clone(), one.reason.clone()];
            parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
        }),
        Column::new(|| tr!(inventory.movements.by), |_| ().into_any())
            .export_only()
            .text(|one| one.created_by.clone()),
        Column::new(|| tr!(common.actions), reverse_cell),
    ];
    ListSpec {
        columns,
        key: |one| (one.id.0, 0),
        href: None,
        name: "movement",
        caption: || tr!(inventory.movements.title),
        search_hint: None,
        empty_hint: || tr!(inventory.movements.empty),
    }
}

fn item_cell(one: &Movement) -> AnyView {
    view! {
        <div class="min-w-0">
            <a href=format!("/inventory/{}", one.item_id) class="link link-hover font-medium">
                {one.item_code.clone()}
            </a>
            <div class="truncate text-sm text-muted">{one.item_name.clone()}</div>
        </div>
    }
    .into_any()
}

fn reverse_cell(one: &Movement) -> AnyView {
    let Some(reversal) = use_context::<ReversalState>() else { return ().into_any() };
    // A reversal is not reversed again: a new movement is booked.
    if one.kind == MovementKind::Reversal {
        return ().into_any();
    }
    if one.reversed {
        let label = tl!(inventory.movements.is_reversed);
        return view! { <span class="text-sm text-muted">{label}</span> }.into_any();
    }
    let movement = StoredValue::new(one.clone());
    view! {
        <Show when=|| session::can(Permission::InventoryWrite)>
            <button
                type="button"
                class="btn btn-ghost btn-xs"
                on:click=move |_| reversal.ask(movement.get_value())
                data-testid="reverse"
            >
                {tl!(inventory.movements.reverse)}
            </button>
        </Show>
    }
    .into_any()
}

fn filters(list: Ledger) -> impl IntoView {
    let kind = Signal::derive(move || {
        list.query.with(|query| {
            let chosen = query.kind.as_ref().and_then(|list| list.0.first());
            chosen.map(ToString::to_string).unwrap_or_default()
        })
    });
    let item = Signal::derive(move || {
        list.query.with(|query| query.item_id.map(|id| id.to_string()).unwrap_or_default())
    });
    let place = Signal::derive(move || {
        list.query.with(|query| query.location_id.map(|id| id.to_string()).unwrap_or_default())
    });
    view! {
        <FilterSelect
            label=tl!(inventory.movements.kind)
            name="kind"
            value=kind
            options=enum_options!(MovementKind)
            on_change=move |text: String| {
                let kind = text.parse().ok().map(|kind| CommaList(vec![kind]));
                list.change(|query| query.kind = kind);
            }
        />
        <FilterSelect
            label=tl!(inventory.item)
            name="item"
            value=item
            options=item_options()
            on_change=move |text: String| list.change(|query| query.item_id = text.parse().ok())
        />
        <FilterSelect
            label=tl!(inventory.place)
            name="location"
            value=place
            options=place_options()
            on_change=move |text: String| list.change(|query| query.location_id = text.parse().ok())
        />
    }
}

fn item_options() -> Signal<Vec<(String, String)>> {
    let items = LocalResource::new(|| async {
        let query = ItemQuery { limit: Some(MAX_LIMIT), ..Default::default() };
        api::inventory::list(&query).await.map(|page| page.items).unwrap_or_default()
    });
    Signal::derive(move || {
        let items = items.get().unwrap_or_default();
        items.into_iter().map(|item| (item.id.to_string(), item.code)).collect()
    })
}

fn place_options() -> Signal<Vec<(String, String)>> {
    let places = LocalResource::new(|| async {
        api::inventory::locations().await.map(|page| page.items).unwrap_or_default()
    });
    Signal::derive(move || {
        let places = places.get().unwrap_or_default();
        places.into_iter().map(|place| (place.id.to_string(), place.name)).collect()
    })
}
