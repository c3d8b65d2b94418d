//! Movements as they look in the ledger and on the page of an item.

use leptos::prelude::*;
use shared::inventory::{Movement, MovementKind};

use super::super::stock::amount;
use crate::components::badge::{Badge, Tone};
use crate::components::icon::{Icon, IconName};
use crate::components::time::CompactTime;
use crate::core::labels::Label;
use crate::{tl, tr};

/// What kind of movement it was.
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

/// From where to where.
pub fn way(movement: &Movement) -> AnyView {
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

/// How much, and of serialised items which.
pub fn how_much(movement: &Movement) -> AnyView {
    let (quantity, unit) = (movement.quantity, movement.unit);
    let serials = (!movement.serial_numbers.is_empty()).then(|| {
        view! {
            <div class="font-mono text-xs break-all text-muted">
                {movement.serial_numbers.join(", ")}
            </div>
        }
    });
    view! {
        <div>
            <span class="font-medium whitespace-nowrap" data-value=quantity.to_string()>
                {move || amount(quantity, unit)}
            </span>
            {serials}
        </div>
    }
    .into_any()
}

/// Why: the job, or the reason that was given.
pub fn why(movement: &Movement) -> AnyView {
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
                <td role="cell" class="cell-main">
                    <CompactTime at=movement.created_at />
                </td>
                <td role="cell" class="cell-side" data-label=tl!(inventory.movements.kind)>
                    <KindBadge kind=movement.kind />
                </td>
                <td role="cell" data-label=tl!(inventory.quantity)>{how_much(&movement)}</td>
                <td role="cell" data-label=tl!(inventory.movements.way)>{way(&movement)}</td>
                <td role="cell" data-label=tl!(inventory.movements.why)>{why(&movement)}</td>
                <td role="cell" data-label=tl!(inventory.movements.by)>
                    <span>{movement.created_by}</span>
                </td>
            </tr>
        }
    };
    let heads = [
        tl!(inventory.movements.at) as fn() -> &'static str,
        tl!(inventory.movements.kind),
        tl!(inventory.quantity),
        tl!(inventory.movements.way),
        tl!(inventory.movements.why),
        tl!(inventory.movements.by),
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
