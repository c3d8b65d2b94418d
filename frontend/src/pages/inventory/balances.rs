//! Balances of an item per location.

use leptos::prelude::*;
use shared::inventory::{ItemDetail, LocationKind};

use crate::components::icon::{Icon, IconName};
use crate::core::labels::Label;
use crate::core::labels::quantity_label;
use crate::tl;

/// Warehouses and bags that hold the item, warehouses first.
#[component]
pub fn Balances(detail: ItemDetail) -> impl IntoView {
    let unit = detail.item.unit;
    let mut balances = detail.balances;
    balances.sort_by_key(|balance| {
        (balance.location_kind != LocationKind::Warehouse, -balance.quantity)
    });
    if balances.is_empty() {
        return view! { <p class="p-4 text-muted">{tl!(inventory.nowhere)}</p> }.into_any();
    }
    let row = |balance: shared::inventory::Balance| {
        let icon = match balance.location_kind {
            LocationKind::Technician => IconName::Person,
            _ => IconName::Inventory,
        };
        let (kind, quantity) = (balance.location_kind, balance.quantity);
        view! {
            <li class="flex items-center gap-2 px-4 py-2" data-testid="balance-row">
                <Icon name=icon class="size-4 shrink-0 text-muted" />
                <div class="min-w-0 grow">
                    <div class="truncate">{balance.location_name}</div>
                    <div class="text-sm text-muted">{move || kind.label()}</div>
                </div>
                <span class="font-medium whitespace-nowrap" data-value=quantity.to_string()>
                    {move || quantity_label(quantity, unit)}
                </span>
            </li>
        }
    };
    view! {
        <ul class="divide-y divide-base-300">{balances.into_iter().map(row).collect_view()}</ul>
    }
    .into_any()
}
