//! Table of movements, shared by the ledger and the page of an item.

use leptos::prelude::*;
use shared::inventory::{Movement, MovementKind};

use crate::components::badge::{Badge, Tone};
use crate::components::icon::{Icon, IconName};
use crate::components::time::CompactTime;
use crate::core::labels::Label;
use crate::core::labels::quantity_label;
use crate::{tl, tr};

/// Badge of the kind of movement.
#[component]
pub fn KindBadge(kind: MovementKind) -> impl IntoView {
    let (tone, icon) = match kind {
        MovementKind::Receipt => (Tone::Success, IconName::Down),
        MovementKind::Issue => (Tone::Info, IconName::Up),
        MovementKind::Usage => (Tone::Accent, IconName::Check),
        MovementKind::Return => (Tone::Info, IconName::Down),
        MovementKind::Transfer => (Tone::Neutral, IconName::Route),
        MovementKind::Adjustment => (Tone::Warning, IconName::Edit),
        MovementKind::Reversal => (Tone::Warning, IconName::Refresh),
    };
    view! { <Badge tone=tone icon=icon text=move || kind.label() /> }
}

/// Source and destination.
pub fn route_cell(movement: &Movement) -> AnyView {
    view! {
        <span class="inline-flex flex-wrap items-center gap-x-1">
            <span>{movement.from_location_name.clone()}</span>
            <Icon name=IconName::ChevronRight class="size-3 shrink-0 text-muted" />
            <span class="sr-only">{tl!(inventory.movements.to)}</span>
            <span>{movement.to_location_name.clone()}</span>
        </span>
    }
    .into_any()
}

/// Quantity and serial numbers.
pub fn quantity_cell(movement: &Movement) -> AnyView {
    let (quantity, unit) = (movement.quantity, movement.unit);
    let serials = serials(&movement.serial_numbers);
    view! {
        <div>
            <span class="font-medium whitespace-nowrap" data-value=quantity.to_string()>
                {move || quantity_label(quantity, unit)}
            </span>
            {serials}
        </div>
    }
    .into_any()
}

/// Number of serial numbers that are always visible; more are collapsed.
const VISIBLE_SERIALS: usize = 2;

fn serials(numbers: &[String]) -> Option<AnyView> {
    let all = numbers.join(", ");
    match numbers.len() {
        0 => None,
        1..=VISIBLE_SERIALS => {
            Some(view! { <div class="font-mono text-xs text-muted">{all}</div> }.into_any())
        }
        count => {
            let label = move || tr!(inventory.serial_count, count = count).to_string();
            let list = view! {
                <details class="relative z-10 text-xs text-muted">
                    <summary class="min-h-6 cursor-pointer py-1">{label}</summary>
                    <div class="font-mono">{all}</div>
                </details>
            };
            Some(list.into_any())
        }
    }
}

/// Time and person.
pub fn time_cell(movement: &Movement) -> AnyView {
    view! {
        <div>
            <CompactTime at=movement.created_at />
            <div class="text-sm font-normal text-muted">{movement.created_by.clone()}</div>
        </div>
    }
    .into_any()
}

/// The job, or the reason that was given.
pub fn reason_cell(movement: &Movement) -> AnyView {
    if movement.job_number.is_none() && movement.reason.is_none() {
        return ().into_any();
    }
    let job = movement.job_id.zip(movement.job_number.clone()).map(|(id, number)| {
        view! {
            <a href=format!("/jobs/{id}") class="link link-hover relative z-10 whitespace-nowrap">
                {number}
            </a>
        }
    });
    let reason =
        movement.reason.clone().map(|reason| view! { <div class="text-sm">{reason}</div> });
    view! { <div>{job} {reason}</div> }.into_any()
}

/// The movements of one item, newest first.
#[component]
pub fn MovementTable(movements: Vec<Movement>) -> impl IntoView {
    let row = |movement: Movement| {
        view! {
            <tr role="row" data-testid="movement-row">
                <td role="cell" class="cell-main">{time_cell(&movement)}</td>
                <td role="cell" class="cell-side" data-label=tl!(inventory.movements.kind)>
                    <KindBadge kind=movement.kind />
                </td>
                <td role="cell" data-label=tl!(inventory.quantity)>{quantity_cell(&movement)}</td>
                <td role="cell" data-label=tl!(inventory.movements.way)>{route_cell(&movement)}</td>
                <td role="cell" data-label=tl!(inventory.movements.why)>{reason_cell(&movement)}</td>
            </tr>
        }
    };
    let heads = [
        tl!(inventory.movements.at) as fn() -> &'static str,
        tl!(inventory.movements.kind),
        tl!(inventory.quantity),
        tl!(inventory.movements.way),
        tl!(inventory.movements.why),
    ];
    view! {
        <table class="list-table" role="table">
            <caption class="sr-only">{move || tr!(inventory.movements.title)}</caption>
            <thead role="rowgroup">
                <tr role="row">
                    {heads
                        .map(|head| {
                            view! {
                                <th role="columnheader" scope="col">
                                    {head}
                                </th>
                            }
                        })
                        .collect_view()}
                </tr>
            </thead>
            <tbody role="rowgroup">{movements.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
}
