//! Stock of an item.

use leptos::prelude::*;
use shared::inventory::Item;

use crate::components::badge::{Badge, Tone};
use crate::components::icon::IconName;
use crate::core::labels::quantity_label;
use crate::tl;

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

/// Stock on hand with its badge.
#[component]
pub fn OnHand(item: Item) -> impl IntoView {
    let Item { on_hand, min_stock, unit, .. } = item;
    view! {
        // The badge stands before the number, so that the numbers of a column are aligned.
        <span class="inline-flex flex-row-reverse flex-wrap items-center gap-x-2">
            <span
                class="font-medium whitespace-nowrap"
                data-testid=format!("on-hand-{}", item.code)
                data-value=on_hand.to_string()
            >
                {move || quantity_label(on_hand, unit)}
            </span>
            <StockBadge on_hand=on_hand min_stock=min_stock />
        </span>
    }
}
