//! List of items.

use std::collections::BTreeSet;

use leptos::prelude::*;
use shared::Permission;
use shared::inventory::{Item, ItemQuery, ItemSort};
use shared::live::LiveEvent;
use shared::pagination::MAX_LIMIT;

use super::movements::BookingKind;
use super::stock::{OnHand, page_title};
use crate::api;
use crate::components::icon::{Icon, IconName};
use crate::components::list_view::{Column, FilterSelect, FilterToggle, ListSpec, ListView};
use crate::components::page::PageHeader;
use crate::core::labels::Label;
use crate::core::labels::quantity_label;
use crate::core::list::{List, use_list};
use crate::core::pending_counts::use_pending_counts;
use crate::core::{format, session};
use crate::{tl, tr};

type Items = List<ItemQuery, Item>;

/// Every item with its stock.
#[component]
pub fn InventoryPage() -> impl IntoView {
    let list: Items = use_list(
        |query: ItemQuery| async move { api::inventory::list(&query).await },
        |event| {
            matches!(
                event,
                LiveEvent::InventoryMoved(_) | LiveEvent::ItemChanged(_) | LiveEvent::LowStock(_)
            )
        },
    );
    view! {
        <PageHeader title=page_title()>
            <Show when=|| !session::sees_own_bag_only()>
                <a href="/inventory/locations" class="btn btn-sm" data-testid="locations">
                    <Icon name=IconName::MapPin />
                    {tl!(inventory.locations.title)}
                </a>
            </Show>
            <a href="/inventory/returns" class="btn btn-sm" data-testid="returns">
                <Icon name=IconName::Undo />
                {tl!(inventory.returns.title)}
                <PendingReturnsBadge />
            </a>
            <a href="/inventory/movements" class="btn btn-sm" data-testid="movements">
                <Icon name=IconName::Sort />
                {tl!(inventory.movements.title)}
            </a>
            <ListButtons />
        </PageHeader>
        <Show when=|| session::can(Permission::InventoryWrite)>
            <BookingLinks />
        </Show>
        <ListView
            list=list
            spec=spec()
            filters=filters(list).into_any()
            empty_action=|| view! { <ListButtons /> }
        />
    }
    .into_any()
}

/// Number of returns that wait to be counted.
#[component]
fn PendingReturnsBadge() -> impl IntoView {
    let pending = use_pending_counts().bag_returns;
    let some = move || Some(pending.get()).filter(|count| *count > 0);
    move || {
        some().map(|count| {
            view! {
                <span class="badge badge-sm badge-warning" data-testid="returns-waiting">
                    {format::number(count)}
                </span>
            }
        })
    }
}

#[component]
fn ListButtons() -> impl IntoView {
    view! {
        <Show when=|| session::can(Permission::InventoryWrite)>
            <a href="/inventory/import" class="btn btn-sm" data-testid="import-items">
                <Icon name=IconName::Import />
                {tl!(inventory.import)}
            </a>
            <a href="/inventory/new" class="btn btn-primary btn-sm" data-testid="new-item">
                <Icon name=IconName::Plus />
                {tl!(inventory.new)}
            </a>
        </Show>
    }
}

/// Links to the booking forms.
#[component]
fn BookingLinks() -> impl IntoView {
    let link = |kind: BookingKind| {
        let name = kind.as_str();
        view! {
            <a
                href=format!("/inventory/movements/new?kind={name}")
                class="btn btn-sm shrink-0 font-normal"
                data-testid=format!("book-{name}")
            >
                {move || kind.label()}
            </a>
        }
    };
    view! {
        <nav class="mb-3 flex gap-2 overflow-x-auto p-0.5 sm:flex-wrap" aria-label=tl!(inventory.movements.new)>
            {BookingKind::ALL.map(link).collect_view()}
        </nav>
    }
}

fn spec() -> ListSpec<Item> {
    let own_bag = session::sees_own_bag_only();
    let mut columns = vec![
        Column::new(|| tr!(inventory.code), |item: &Item| item.code.clone().into_any())
            .main()
            .text(|item| item.code.clone())
            .sort(ItemSort::Code.as_str(), ItemSort::CodeDescending.as_str()),
        Column::new(|| tr!(inventory.name), |item: &Item| item.name.clone().into_any())
            .block()
            .text(|item| item.name.clone())
            .sort(ItemSort::Name.as_str(), ItemSort::NameDescending.as_str()),
        Column::new(|| tr!(inventory.category), |item: &Item| item.category.clone().into_any())
            .text(|item| item.category.clone()),
        Column::new(
            if own_bag { || tr!(inventory.in_bag) } else { || tr!(inventory.on_hand) },
            |item: &Item| view! { <OnHand item=item.clone() /> }.into_any(),
        )
        .number()
        .text(|item| quantity(item).to_string()),
        Column::new(|| tr!(inventory.unit), |item: &Item| item.unit.label().into_any())
            .wide_only()
            .text(|item| item.unit.label().to_owned()),
    ];
    if !own_bag {
        columns.extend(warehouse_columns());
    }
    ListSpec {
        columns,
        // Stock changes without a new version of the item.
        key: |item| (item.id.0, item.version.wrapping_mul(1_000_003).wrapping_add(quantity(item))),
        href: Some(|item| format!("/inventory/{}", item.id)),
        name: "item",
        caption: if own_bag { || tr!(inventory.my_bag) } else { || tr!(inventory.title) },
        search_hint: Some(|| tr!(inventory.search)),
        empty_hint: if own_bag { || tr!(inventory.bag_empty) } else { || tr!(inventory.empty) },
    }
}

/// What only those see who see the warehouse.
fn warehouse_columns() -> [Column<Item>; 2] {
    let least = |item: &Item| {
        let (least, unit) = (item.min_stock.unwrap_or_default(), item.unit);
        view! { <span class="whitespace-nowrap">{move || quantity_label(least, unit)}</span> }
            .into_any()
    };
    [
        Column::new(|| tr!(inventory.min_stock), least)
            .number()
            .text(|item| item.min_stock.unwrap_or_default().to_string()),
        Column::new(
            || tr!(inventory.price),
            |item: &Item| item.price.unwrap_or_default().to_string().into_any(),
        )
        .number()
        .text(|item| item.price.unwrap_or_default().0.to_string()),
    ]
}

/// Quantity in the own bag, or in the warehouses.
fn quantity(item: &Item) -> i64 {
    item.in_bag.or(item.on_hand).unwrap_or_default()
}

fn filters(list: Items) -> impl IntoView {
    let category =
        Signal::derive(move || list.query.with(|query| query.category.clone().unwrap_or_default()));
    let low = Signal::derive(move || list.query.with(|query| query.low == Some(true)));
    view! {
        <FilterSelect
            label=tl!(inventory.category)
            name="category"
            value=category
            options=category_options()
            on_change=move |text: String| {
                list.change(|query| query.category = Some(text).filter(|text| !text.is_empty()));
            }
        />
        <Show when=|| !session::sees_own_bag_only()>
            <FilterToggle
                label=tl!(inventory.low_only)
                name="low"
                value=low
                on_change=move |on: bool| list.change(|query| query.low = on.then_some(true))
            />
        </Show>
    }
}

/// Returns the categories in use as options of a select.
fn category_options() -> Signal<Vec<(String, String)>> {
    let categories = LocalResource::new(|| async {
        let query = ItemQuery { limit: Some(MAX_LIMIT), ..Default::default() };
        let items = api::inventory::list(&query).await.map(|page| page.items).unwrap_or_default();
        items.into_iter().map(|item| item.category).collect::<BTreeSet<_>>()
    });
    Signal::derive(move || {
        let categories = categories.get().unwrap_or_default();
        categories.into_iter().map(|name| (name.clone(), name)).collect()
    })
}
