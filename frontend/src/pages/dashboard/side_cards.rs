//! Side cards of the dashboard: jobs per status and low stock.

use leptos::prelude::*;
use shared::dashboard::StatusCount;
use shared::inventory::Item;

use crate::components::badge::StatusBadge;
use crate::components::icon::{Icon, IconName};
use crate::core::format;
use crate::core::labels::Label;
use crate::{tl, tr};

/// Number of jobs per status.
#[component]
pub fn StatusCounts(counts: Vec<StatusCount>) -> impl IntoView {
    let row = |count: StatusCount| {
        view! {
            <li class="relative flex items-center gap-2 rounded px-2 py-1 hover:bg-base-200">
                <a href=format!("/jobs?status={}", count.status) class="row-link grow">
                    <StatusBadge status=count.status />
                </a>
                <span class="font-medium" data-testid=format!("status-{}", count.status)>
                    {move || format::number(count.count)}
                </span>
            </li>
        }
    };
    view! { <ul class="p-2">{counts.into_iter().map(row).collect_view()}</ul> }
}

/// Items at or below their minimum.
#[component]
pub fn LowStock(items: Vec<Item>) -> impl IntoView {
    if items.is_empty() {
        return view! {
            <p class="flex items-center gap-2 px-4 py-3 text-muted">
                <Icon name=IconName::Check class="size-4 text-success" />
                {tl!(dashboard.stock.fine)}
            </p>
        }
        .into_any();
    }
    let row = |item: Item| {
        let tone = if item.on_hand == Some(0) { "text-error" } else { "text-warning" };
        let (on_hand, least) =
            (item.on_hand.unwrap_or_default(), item.min_stock.unwrap_or_default());
        let amount = move || {
            let (on_hand, least) = (format::number(on_hand), format::number(least));
            tr!(dashboard.stock.amount, on_hand = on_hand, unit = item.unit.label(), least = least)
                .to_string()
        };
        view! {
            <li class="relative px-2 py-1 hover:bg-base-200" data-testid="low-stock-row">
                <a href=format!("/inventory/{}", item.id) class="row-link block truncate">
                    {item.name}
                </a>
                <span class=format!("inline-flex items-center gap-1 text-sm {tone}")>
                    <Icon name=IconName::Alert class="size-3.5 shrink-0" />
                    {amount}
                </span>
            </li>
        }
    };
    view! { <ul class="p-2">{items.into_iter().map(row).collect_view()}</ul> }.into_any()
}
