//! Page of an item.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use shared::inventory::{ItemDetail, MovementQuery};
use shared::live::LiveEvent;
use shared::{ItemId, Permission};

use super::balances::Balances;
use super::movements::MovementTable;
use super::stock::{OnHand, page_title};
use super::units::Units;
use crate::components::back_link::BackLink;
use crate::components::description_list::{DescriptionItem, DescriptionList};
use crate::components::icon::{Icon, IconName};
use crate::components::page::{Card, use_title};
use crate::components::page_states::{EmptyState, Loaded, NotFound};
use crate::core::labels::Label;
use crate::core::labels::quantity_label;
use crate::core::load::use_load;
use crate::core::session;
use crate::{api, tl, tr};

/// Number of movements on the item's page.
const MAX_MOVEMENTS: i64 = 20;

/// The page of the item in the address.
#[component]
pub fn ItemPage() -> impl IntoView {
    let params = use_params_map();
    let page = move || match params.read().get("id").and_then(|id| id.parse().ok()) {
        Some(id) => view! { <ItemDetails id=id /> }.into_any(),
        None => view! { <NotFound /> }.into_any(),
    };
    page.into_any()
}

/// Returns whether stock or data of this item changed.
fn is_about_item(event: &LiveEvent, id: ItemId) -> bool {
    match event {
        LiveEvent::InventoryMoved(moved) => moved.item_id == id,
        LiveEvent::ItemChanged(item) => item.item_id == id,
        _ => false,
    }
}

#[component]
fn ItemDetails(id: ItemId) -> impl IntoView {
    let load = use_load(move || api::inventory::get(id), move |event| is_about_item(event, id));
    use_title(move || {
        load.value.with(|one| one.as_ref().map(|one| one.item.code.clone()).unwrap_or_default())
    });
    let serialized = Memo::new(move |_| {
        load.value.with(|one| one.as_ref().is_some_and(|one| one.item.serialized))
    });
    view! {
        <BackLink href="/inventory" label=page_title() />
        <Loaded data=load view=|detail| header(&detail).into_any() skeleton_rows=2 />
        <Show when=move || load.value.with(Option::is_some)>
            <div class="grid items-start gap-4 lg:grid-cols-3">
                <div class="flex min-w-0 flex-col gap-4">
                    <Card title=tl!(inventory.facts)>
                        <Loaded data=load view=|detail| details(detail).into_any() />
                    </Card>
                    // The bag is the only place that a technician sees, and its quantity stands above.
                    <Show when=|| !session::sees_own_bag_only()>
                        <Card title=tl!(inventory.balances)>
                            <Loaded
                                data=load
                                view=|detail| view! { <Balances detail=detail /> }.into_any()
                                skeleton_rows=2
                            />
                        </Card>
                    </Show>
                </div>
                <div class="flex min-w-0 flex-col gap-4 lg:col-span-2">
                    <Show when=move || serialized.get()>
                        <section>
                            <h2 class="mb-2 font-semibold">{tl!(inventory.units)}</h2>
                            <Units item=id />
                        </section>
                    </Show>
                    <Card title=tl!(inventory.movements.title)>
                        <ItemMovements id=id />
                    </Card>
                </div>
            </div>
        </Show>
    }
}

fn header(detail: &ItemDetail) -> impl IntoView + use<> {
    let item = detail.item.clone();
    let edit = format!("/inventory/{}/edit", item.id);
    let id = item.id;
    let booking_url = move |kind: &str| format!("/inventory/movements/new?kind={kind}&item={id}");
    view! {
        <div class="mb-4 flex flex-wrap items-center gap-x-4 gap-y-2">
            <div class="flex min-w-0 grow flex-wrap items-center gap-x-3 gap-y-1">
                <h1 class="text-xl font-semibold" data-testid="item-name">
                    {item.name.clone()}
                </h1>
                <span class="text-muted">{item.code.clone()}</span>
            </div>
            <Show when=|| session::can(Permission::InventoryWrite)>
                <a href=edit.clone() class="btn btn-sm" data-testid="edit-item">
                    <Icon name=IconName::Edit />
                    {tl!(common.edit)}
                </a>
                <a href=booking_url("issue") class="btn btn-sm">
                    <Icon name=IconName::Up />
                    {tl!(inventory.kind.issue)}
                </a>
                <a href=booking_url("receipt") class="btn btn-primary btn-sm">
                    <Icon name=IconName::Down />
                    {tl!(inventory.kind.receipt)}
                </a>
            </Show>
        </div>
    }
}

fn details(detail: ItemDetail) -> impl IntoView {
    let item = detail.item;
    let (price, category) = (item.price, item.category.clone());
    let (unit, least, serialized) = (item.unit, item.min_stock, item.serialized);
    let pack_size = item.pack_size;
    let quantity =
        if item.in_bag.is_some() { tl!(inventory.in_bag) } else { tl!(inventory.on_hand) };
    view! {
        <DescriptionList>
            <DescriptionItem label=quantity wide=true>
                <OnHand item=item />
            </DescriptionItem>
            {least
                .map(|least| {
                    view! {
                        <DescriptionItem label=tl!(inventory.min_stock)>
                            {move || quantity_label(least, unit)}
                        </DescriptionItem>
                    }
                })}
            {price
                .map(|price| {
                    view! {
                        <DescriptionItem label=tl!(inventory.price)>{price.to_string()}</DescriptionItem>
                    }
                })}
            <DescriptionItem label=tl!(inventory.category)>{category}</DescriptionItem>
            <DescriptionItem label=tl!(inventory.unit)>{move || unit.label()}</DescriptionItem>
            {pack_size
                .map(|size| {
                    view! {
                        <DescriptionItem label=tl!(inventory.pack_size)>
                            {move || quantity_label(size, unit)}
                        </DescriptionItem>
                    }
                })}
            <DescriptionItem label=tl!(inventory.serialized)>
                {move || if serialized { tr!(common.yes) } else { tr!(common.no) }}
            </DescriptionItem>
        </DescriptionList>
    }
}

#[component]
fn ItemMovements(id: ItemId) -> impl IntoView {
    let load = use_load(
        move || async move {
            let query = MovementQuery {
                item_id: Some(id),
                limit: Some(MAX_MOVEMENTS),
                ..Default::default()
            };
            api::inventory::movements(&query).await
        },
        move |event| is_about_item(event, id),
    );
    let all = format!("/inventory/movements?item_id={id}");
    view! {
        <Loaded
            data=load
            view=|page| {
                if page.items.is_empty() {
                    view! {
                        <EmptyState
                            title=tl!(inventory.movements.none)
                            hint=tl!(inventory.movements.empty)
                        />
                    }
                        .into_any()
                } else {
                    view! { <MovementTable movements=page.items /> }.into_any()
                }
            }
            skeleton_rows=4
        />
        <p class="border-t border-base-300 px-4 py-2">
            <a href=all class="link link-primary">
                {tl!(inventory.movements.all)}
            </a>
        </p>
    }
}
