//! Stock of an item, and how the page of the stock is called.

use leptos::prelude::*;
use shared::inventory::Item;

use crate::components::badge::{Badge, Tone};
use crate::components::icon::IconName;
use crate::core::labels::quantity_label;
use crate::core::session;
use crate::{tl, tr};

/// Returns the title of the list: technicians see their bag.
pub fn page_title() -> TextProp {
    let title =
        || if session::sees_own_bag_only() { tr!(inventory.my_bag) } else { tr!(inventory.title) };
    TextProp::from(title)
}

/// Badge that tells whether the stock is low.
#[component]
pub fn StockBadge(on_hand: i64, min_stock: i64) -> impl IntoView {
    if on_hand <= 0 {
        view! { <Badge tone=Tone::Error icon=IconName::Alert text=tl!(inventory.state.out) /> }
    } else if on_hand <= min_stock {
        view! { <Badge tone=Tone::Warning icon=IconName::Down text=tl!(inventory.state.low) /> }
    } else {
        view! { <Badge tone=Tone::Success icon=IconName::Check text=tl!(inventory.state.fine) /> }
    }
}

/// Stock on hand with its badge; for technicians the quantity in their bag.
#[component]
pub fn OnHand(item: Item) -> impl IntoView {
    let unit = item.unit;
    let quantity = item.in_bag.or(item.on_hand).unwrap_or_default();
    let badge = item.on_hand.zip(item.min_stock);
    view! {
        // The badge stands before the number, so that the numbers of a column are aligned.
        <span class="inline-flex flex-row-reverse flex-wrap items-center gap-x-2">
            <span
                class="font-medium whitespace-nowrap"
                data-testid=format!("on-hand-{}", item.code)
                data-value=quantity.to_string()
            >
                {move || quantity_label(quantity, unit)}
            </span>
            {badge
                .map(|(on_hand, min_stock)| {
                    view! { <StockBadge on_hand=on_hand min_stock=min_stock /> }
                })}
        </span>
    }
}
